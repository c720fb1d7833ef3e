import FoveaSystem

/// A picture that waits for its pass, and who waits for the answer.
final class Ticket: SchedulerEntry {
    let work: Work
    let submitted: Instant
    let receiver: PassReceiver
    private let attendance: Attendance

    init(_ work: Work, attendance: Attendance, submitted: Instant, receiver: PassReceiver) {
        self.work = work
        self.submitted = submitted
        self.attendance = attendance
        self.receiver = receiver
    }

    var lane: Int { work.lane }
    var deadline: Instant { work.deadline }
    var isAbandoned: Bool { !attendance.isAwaited }
}
