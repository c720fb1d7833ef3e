import CEpoll
import FoveaSystem
import Glibc
import Synchronization

/// A thread that waits for many descriptors at a time (epoll(7)) and does one thing after another: what descriptors call for, jobs of other threads, and
/// what is due.
///
/// Dispatch's sources would do the same with two threads woken for each event, one that waits and one that works, and a call to the system to ask for the
/// next event. Under a flood that costs more than the answers do.
///
/// Everything but `async`, `leave`, `wake` and `stop`, and `start`, which comes before any of them, is touched on the loop's own thread alone; that is what
/// makes it `Sendable`.
final class EventLoop: @unchecked Sendable {
    typealias Job = @Sendable () -> Void

    /// What a descriptor is watched for.
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    private struct Inbox {
        var jobs: [Job] = []
        /// Whether the thread waits, so that it must be woken for a job.
        var isAsleep = false
        var isStarted = false
        var isStopped = false
    }

    private struct Timer {
        var due: Instant
        var job: () -> Void
    }

    private let label: String
    private let inbox = Mutex(Inbox())
    private var poll: Int32 = -1
    /// An eventfd(2), which ends the wait.
    private var bell: Int32 = -1
    private var watches: [UInt64: Watch] = [:]
    private var lastToken: UInt64 = 0
    private var timers: [Timer] = []
    private var nextDue: Instant?
    private var rest: Duration = .zero

    /// A loop that does not run yet; jobs wait until it does.
    init(label: String) {
        self.label = label
    }

    deinit {
        // Here and not at the thread's end: another thread may be about to ring.
        if poll >= 0 { _ = close(poll) }
        if bell >= 0 { _ = close(bell) }
    }

    /// Opens what the loop waits with, and starts its thread. To be called once.
    func start() throws(HTTPServerStartError) {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: 0))
        guard poll >= 0, bell >= 0, epoll_ctl(poll, EPOLL_CTL_ADD, bell, &event) == 0 else {
            let code = errno
            throw HTTPServerStartError("The server cannot watch its connections: \(Socket.message(code)).")
        }
        guard SystemThread.start(named: label, stackSize: 8 << 20, { self.run() }) else {
            throw HTTPServerStartError("The system has no thread for the server's connections; raise what bounds this process's threads.")
        }
        inbox.withLock { $0.isStarted = true }
    }

    /// Has the thread do something. Callable from any thread; what comes after `stop` is never done.
    func async(_ job: @escaping Job) {
        let wakes = inbox.withLock { inbox in
            guard !inbox.isStopped else { return false }
            inbox.jobs.append(job)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if wakes { ring() }
    }

    /// Leaves the thread something to do when it is awake next; `wake` sees to that. Callable from any thread.
    func leave(_ job: @escaping Job) {
        inbox.withLock { if !$0.isStopped { $0.jobs.append(job) } }
    }

    /// Wakes the thread if it sleeps over what was left to it. Callable from any thread.
    func wake() {
        let wakes = inbox.withLock { inbox in
            guard inbox.isAsleep, !inbox.jobs.isEmpty else { return false }
            inbox.isAsleep = false
            return true
        }
        if wakes { ring() }
    }

    /// Has the thread do something after a while. On the loop's thread.
    func after(_ delay: Duration, _ job: @escaping () -> Void) {
        let due = Instant.now.advanced(by: delay)
        timers.append(Timer(due: due, job: job))
        nextDue = min(nextDue ?? due, due)
    }

    /// Lets the thread rest for so long before it looks at its descriptors again, so that one look finds more to do. On the loop's thread.
    func rest(for duration: Duration) {
        rest = duration
    }

    /// Ends the thread once it did what it was told before. Callable from any thread.
    func stop() {
        // Jobs hold the loop, and where none runs nobody else would let them go; outside the lock, since what they hold may stop a loop too.
        let dropped: [Job] = inbox.withLock { inbox in
            guard !inbox.isStarted else { return [] }
            inbox.isStopped = true
            defer { inbox.jobs = [] }
            return inbox.jobs
        }
        withExtendedLifetime(dropped) {}
        async { [self] in inbox.withLock { $0.isStopped = true } }
    }

    // MARK: - Descriptors

    /// A descriptor that the loop knows, and who is told of it.
    final class Watch {
        fileprivate let token: UInt64
        fileprivate let descriptor: Int32
        fileprivate var interest: Interest = []
        fileprivate let ready: (Interest) -> Void

        fileprivate init(token: UInt64, descriptor: Int32, ready: @escaping (Interest) -> Void) {
            (self.token, self.descriptor, self.ready) = (token, descriptor, ready)
        }
    }

    /// Makes a descriptor known; nothing is watched yet.
    ///
    /// - Parameter ready: called with what the descriptor is ready for; errors make it ready for all it is watched for.
    func add(_ descriptor: Int32, ready: @escaping (Interest) -> Void) -> Watch {
        lastToken += 1
        let watch = Watch(token: lastToken, descriptor: descriptor, ready: ready)
        watches[lastToken] = watch
        return watch
    }

    /// Sets what a descriptor is watched for. One that is watched for nothing is taken out of the set: the system reports errors whatever was asked.
    ///
    /// - Returns: whether the system could do so.
    func set(_ interest: Interest, of watch: Watch) -> Bool {
        if watch.interest == interest { return true }
        let operation = watch.interest.isEmpty ? EPOLL_CTL_ADD : interest.isEmpty ? EPOLL_CTL_DEL : EPOLL_CTL_MOD
        watch.interest = interest
        var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: watch.token))
        return epoll_ctl(poll, operation, watch.descriptor, &event) == 0
    }

    /// Lets a descriptor go, which may be closed after this. An event of it that was taken out of the system's list already is dropped.
    func remove(_ watch: Watch) {
        _ = set([], of: watch)
        watches[watch.token] = nil
    }

    // MARK: - The thread

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            let (wait, isStopped) = beforeWaiting()
            if isStopped { break }
            let count = epoll_wait(poll, &events, Int32(events.count), wait)
            for event in events.prefix(Int(max(0, count))) {
                guard event.data.u64 != 0 else {
                    silence()
                    continue
                }
                guard let watch = watches[event.data.u64] else { continue }
                let isBroken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
                watch.ready(isBroken ? watch.interest : watch.interest.intersection(Interest(rawValue: event.events)))
            }
            let jobs = inbox.withLock { inbox in
                inbox.isAsleep = false
                defer { inbox.jobs = [] }
                return inbox.jobs
            }
            for job in jobs { job() }
            runTimers()
            if rest > .zero {
                usleep(UInt32(rest / .microseconds(1)))
                rest = .zero
            }
        }
        watches = [:]
        timers = []
        inbox.withLock { $0.jobs = [] }
    }

    /// How many milliseconds to wait at most; -1 for ever.
    private func beforeWaiting() -> (Int32, isStopped: Bool) {
        var wait: Int32 = -1
        if let nextDue {
            let left = Instant.now.duration(to: nextDue) / .milliseconds(1)
            wait = left > 0 ? Int32(min(left.rounded(.up), 60_000)) : 0
        }
        return inbox.withLock { inbox in
            inbox.isAsleep = inbox.jobs.isEmpty
            return (inbox.isAsleep ? wait : 0, inbox.isStopped)
        }
    }

    private func runTimers() {
        guard let due = nextDue, due <= .now else { return }
        let now = Instant.now
        let over = timers.filter { $0.due <= now }
        timers.removeAll { $0.due <= now }
        nextDue = timers.lazy.map(\.due).min()
        for timer in over { timer.job() }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = write(bell, &one, MemoryLayout<UInt64>.size)
    }

    private func silence() {
        var rung: UInt64 = 0
        _ = read(bell, &rung, MemoryLayout<UInt64>.size)
    }
}
