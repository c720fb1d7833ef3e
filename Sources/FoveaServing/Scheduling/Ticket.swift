import FoveaGraph
import FoveaHTTP
import Synchronization

/// A prepared picture that waits for its pass, and the task that waits for the answer.
final class Ticket: SchedulerEntry {
    let lane: Int
    let network: any PictureNetwork
    let input: SessionInput
    let deadline: ContinuousClock.Instant
    let submitted: ContinuousClock.Instant
    private let attendance: Attendance
    private let continuation: CheckedContinuation<Result<Pass, ClassificationError>, Never>

    init(
        work: Work, attendance: Attendance, submitted: ContinuousClock.Instant,
        continuation: CheckedContinuation<Result<Pass, ClassificationError>, Never>
    ) {
        lane = work.lane
        network = work.network
        input = work.input
        deadline = work.deadline
        self.submitted = submitted
        self.attendance = attendance
        self.continuation = continuation
    }

    var isAbandoned: Bool { !attendance.isAwaited }

    /// Gives the waiting task its answer; must be called exactly once.
    func resume(_ result: Result<Pass, ClassificationError>) {
        continuation.resume(returning: result)
    }
}

/// What a pass is asked for.
struct Work: Sendable {
    /// The loaded model's number: pictures of one lane may share a pass.
    var lane: Int
    var network: any PictureNetwork
    var input: SessionInput
    var deadline: ContinuousClock.Instant
}

/// One picture's share of a pass.
struct Pass: Sendable {
    var output: SessionOutput
    var queue: Duration
    var inference: Duration
    var batchSize: Int
    /// The picture's place among those of its batch.
    var place: Int
}

/// Whether anybody still waits for an answer: the task was not cancelled and its client not gone.
final class Attendance: Sendable {
    private let cancelled = Atomic<Bool>(false)
    private let client: ClientConnection?

    init(client: ClientConnection? = nil) {
        self.client = client
    }

    var isAwaited: Bool {
        !cancelled.load(ordering: .relaxed) && client?.isConnected ?? true
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }
}
