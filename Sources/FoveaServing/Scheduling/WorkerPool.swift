import FoveaSystem
import Logging

/// Threads that run passes over what the scheduler gives them.
///
/// They are threads of their own, because a pass keeps its thread busy for long and the cooperative pool has only as many as processors. A worker decodes
/// small pictures right before their pass, and what it makes of the pass it tells on its own thread: while it is busy, nobody is woken for a picture.
final class WorkerPool: Sendable {
    /// Counts since the start.
    struct Statistics: Sendable, Hashable {
        /// Pictures that went through a pass, and passes.
        var pictures = 0
        var passes = 0
    }

    /// A worker that has been in one pass for too long.
    struct StuckWorker: Sendable, Hashable {
        var index: Int
        var architecture: String
    }

    private struct State: Sendable {
        var scheduler: Scheduler<Ticket>
        var statistics = Statistics()
        /// How long the pool takes for a picture at full load, in seconds, smoothed.
        var secondsPerPicture = 0.05
        /// When each busy worker began its pass, and over which network.
        var busy: [Int: (since: Instant, architecture: String)] = [:]
        var isStopped = false
    }

    private let monitor: Monitor<State>
    private let ledger: AdmissionLedger
    private let threads: Int
    private let logger: Logger

    /// Starts the workers, one for each thread of the limits; they end when the pool is let go.
    init(limits: Scheduler<Ticket>.Limits, logger: Logger) {
        threads = max(1, limits.threads)
        // A long queue keeps the workers busy for longer than that; a place of a short one must be taken at once.
        ledger = AdmissionLedger(holds: limits.maxQueue >= 16 ? .milliseconds(1) : .zero)
        self.logger = logger
        monitor = Monitor(State(scheduler: Scheduler(limits: limits)))
        for index in 0..<threads {
            start("fovea-worker-\(index)") { [monitor, logger, threads] in
                Self.work(index, monitor: monitor, threads: threads, logger: logger)
            }
        }
        start("fovea-deadlines") { [monitor] in Self.watchDeadlines(monitor) }
    }

    deinit {
        let left = monitor.withLockNotifyingAll { state in
            state.isStopped = true
            return state.scheduler.takeWaiting()
        }
        for ticket in left { ticket.receiver.finish(.failure(.abandoned)) }
    }

    var statistics: Statistics { monitor.withLock { $0.statistics } }

    /// Pictures that wait or are being prepared.
    var queued: Int { monitor.withLock { $0.scheduler.waiting + $0.scheduler.reserved } }

    /// Workers in a pass.
    var busyCount: Int { monitor.withLock { $0.busy.count } }

    /// The workers that have been in one pass for longer than `limit`.
    func stuckWorkers(after limit: Duration, now: Instant = .now) -> [StuckWorker] {
        monitor.withLock { state in
            state.busy.filter { $0.value.since.duration(to: now) > limit }.sorted { $0.key < $1.key }
                .map { StuckWorker(index: $0.key, architecture: $0.value.architecture) }
        }
    }

    /// Why a picture of this lane would be refused now; keeps no place, but does not promise the last one twice.
    func refusal(lane: Int) -> ClassificationError? {
        let now = Instant.now
        switch ledger.verdict(lane: lane, now: now) {
        case .letIn: return nil
        case .refused(let seconds): return .queueFull(retryAfterSeconds: seconds)
        case .unknown: break
        }
        let (free, seconds, dropped) = monitor.withLock { state in
            (state.scheduler.freePlaces(lane: lane, now: now), Self.retryAfterSeconds(state), state.scheduler.takeDropped())
        }
        Self.answer(dropped)
        let isLetIn = ledger.looked(lane: lane, free: free, retryAfterSeconds: seconds, now: now)
        return isLetIn ? nil : .queueFull(retryAfterSeconds: seconds)
    }

    /// Keeps a place in the queue for a picture; ``submit(_:attendance:to:)`` or ``release(lane:)`` must follow.
    /// - Throws: `queueFull` when there is none.
    func reserve(lane: Int) throws(ClassificationError) {
        ledger.arrived(lane: lane)
        let now = Instant.now
        let (seconds, dropped) = monitor.withLock { state -> (Int?, [Scheduler<Ticket>.Dropped]) in
            let isKept = state.scheduler.reserve(lane: lane, now: now)
            return (isKept ? nil : Self.retryAfterSeconds(state), state.scheduler.takeDropped())
        }
        Self.answer(dropped)
        if let seconds { throw .queueFull(retryAfterSeconds: seconds) }
    }

    /// When what waits now will be done.
    private static func retryAfterSeconds(_ state: State) -> Int {
        let queued = Double(state.scheduler.waiting + state.scheduler.reserved)
        return Int(min(60, max(1, (queued * state.secondsPerPicture).rounded(.up))))
    }

    /// Gives a place back whose picture could not be prepared.
    func release(lane: Int) {
        monitor.withLock { $0.scheduler.release(lane: lane) }
    }

    /// Puts a picture whose place was reserved into the queue.
    func submit(_ work: Work, attendance: Attendance, to receiver: PassReceiver) {
        let now = Instant.now
        let ticket = Ticket(work, attendance: attendance, submitted: now, receiver: receiver)
        monitor.withLockNotifyingOne { $0.scheduler.enqueue(ticket, now: now) }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        SystemThread.start(named: name, stackSize: 8 << 20, body)
    }

    private static func work(_ index: Int, monitor: Monitor<State>, threads: Int, logger: Logger) {
        while let (batch, dropped) = monitor.wait({ step(&$0, worker: index) }) {
            answer(dropped)
            guard !batch.entries.isEmpty else { continue }
            let start = Instant.now
            let run = BatchRun(batch, logger: logger)
            let seconds = start.duration(to: .now) / .seconds(1)
            // The threads are handed back before the answers are, so that a client that comes back at once finds them free.
            monitor.withLockNotifyingAll { state in
                state.scheduler.finish(threads: batch.threads)
                state.busy[index] = nil
                state.statistics.passes += run.hasPass ? 1 : 0
                state.statistics.pictures += run.results.count { (try? $0.get()) != nil }
                let perPicture = seconds * Double(batch.threads) / Double(threads * batch.entries.count)
                state.secondsPerPicture += 0.1 * (perPicture - state.secondsPerPicture)
            }
            for (ticket, result) in zip(batch.entries, run.results) { ticket.receiver.take(result) }
            for ticket in batch.entries { ticket.receiver.settle() }
        }
    }

    private static func step(
        _ state: inout State, worker: Int
    ) -> Monitor<State>.Step<(Scheduler<Ticket>.Batch, [Scheduler<Ticket>.Dropped])?> {
        if state.isStopped { return .done(nil) }
        let now = Instant.now
        let decision = state.scheduler.next(now: now)
        let dropped = state.scheduler.takeDropped()
        switch decision {
        case .run(let batch):
            state.busy[worker] = (now, batch.entries.first?.work.network.description.architecture ?? "")
            return .done((batch, dropped))
        case .idle, .wait:
            if !dropped.isEmpty { return .done((Scheduler<Ticket>.Batch(entries: [], threads: 0), dropped)) }
            if case .wait(let until) = decision { return .waitUntil(until) }
            return .wait
        }
    }

    /// Answers pictures whose deadline passes while every worker is busy.
    private static func watchDeadlines(_ monitor: Monitor<State>) {
        while let dropped = monitor.wait(deadlineStep) { answer(dropped) }
    }

    private static func deadlineStep(_ state: inout State) -> Monitor<State>.Step<[Scheduler<Ticket>.Dropped]?> {
        if state.isStopped { return .done(nil) }
        guard let earliest = state.scheduler.earliestDeadline else { return .waitAndSee }
        let now = Instant.now
        // Deadlines come nearly in their order, so that this thread need not wake for every picture that comes in.
        guard earliest <= now else { return .sleepUntil(min(earliest, now.advanced(by: .milliseconds(100)))) }
        state.scheduler.sweep(now: now)
        return .done(state.scheduler.takeDropped())
    }

    private static func answer(_ dropped: [Scheduler<Ticket>.Dropped]) {
        for drop in dropped {
            switch drop.reason {
            case .abandoned: drop.entry.receiver.finish(.failure(.abandoned))
            case .deadlinePassed: drop.entry.receiver.finish(.failure(.deadlinePassed))
            }
        }
    }
}
