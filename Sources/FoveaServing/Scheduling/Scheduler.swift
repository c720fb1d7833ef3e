import DequeModule
import FoveaSystem

/// What the scheduler needs to know of a picture that waits.
protocol SchedulerEntry: Sendable {
    /// Pictures of one lane may share a batch: one loaded model each.
    var lane: Int { get }
    /// When the answer is worth nothing any more.
    var deadline: Instant { get }
    /// Whether the client left.
    var isAbandoned: Bool { get }
}

/// Decides which pictures run next, how many at once and on how many threads. A value without threads, locks or clocks of its own.
///
/// It is work-conserving: a free worker takes what waits, and nothing waits for company unless a batch window is asked for. Models take turns by batches,
/// and each has a queue of its own length: one that is flooded neither delays another by more than a batch nor takes its places.
/// A picture's place in the queue is reserved before it is decoded, so that a full queue is refused before any work went into the picture.
struct Scheduler<Entry: SchedulerEntry>: Sendable {
    /// The bounds.
    struct Limits: Sendable {
        /// Threads in all.
        var threads: Int
        /// The most pictures of one pass.
        var maxBatch: Int
        /// The most pictures of a lane that wait or are being prepared.
        var maxQueue: Int
        /// How long a picture may wait for others to share its pass with.
        var batchWindow: Duration = .zero
    }

    /// Pictures for one pass.
    struct Batch: Sendable {
        var entries: [Entry]
        /// Threads that the pass may use; they count as busy until ``finish(threads:)``.
        var threads: Int
    }

    /// What a free worker does next.
    enum Decision: Sendable {
        case run(Batch)
        /// Nothing until then, unless something comes in.
        case wait(until: Instant)
        /// Nothing until something comes in or a worker is done.
        case idle
    }

    /// Why a picture was dropped instead of run.
    enum DropReason: Sendable { case abandoned, deadlinePassed }

    /// A picture that left the queue without a pass.
    struct Dropped: Sendable {
        var entry: Entry
        var reason: DropReason
    }

    private struct Waiting: Sendable {
        var entry: Entry
        var since: Instant
    }

    private let limits: Limits
    private var lanes: [Int: Deque<Waiting>] = [:]
    /// Lanes with waiting pictures, the one whose turn it is first.
    private var turns: Deque<Int> = []
    private var dropped: [Dropped] = []
    /// Places kept for pictures that are being prepared, by lane.
    private var places: [Int: Int] = [:]
    private var lastSweep: Instant?

    /// Pictures that wait for a pass.
    private(set) var waiting = 0
    /// Places kept for pictures that are being prepared, in all lanes.
    private(set) var reserved = 0
    /// Threads that no pass uses.
    private(set) var freeThreads: Int

    init(limits: Limits) {
        var limits = limits
        limits.threads = max(1, limits.threads)
        limits.maxBatch = max(1, limits.maxBatch)
        limits.maxQueue = max(1, limits.maxQueue)
        self.limits = limits
        freeThreads = limits.threads
    }

    /// A full queue is looked through for pictures that nobody waits for any more, but not for every request that an overload brings.
    private static var sweepInterval: Duration { .milliseconds(2) }

    /// How many places a lane has. Before it says none, pictures that nobody waits for any more are dropped.
    mutating func freePlaces(lane: Int, now: Instant) -> Int {
        let free = limits.maxQueue - taken(lane)
        if free > 0 { return free }
        if let lastSweep, lastSweep.duration(to: now) < Self.sweepInterval { return 0 }
        lastSweep = now
        sweep(now: now)
        return max(0, limits.maxQueue - taken(lane))
    }

    /// Keeps a place for a picture that will be prepared now.
    /// - Returns: whether there was one.
    mutating func reserve(lane: Int, now: Instant) -> Bool {
        guard freePlaces(lane: lane, now: now) > 0 else { return false }
        places[lane, default: 0] += 1
        reserved += 1
        return true
    }

    /// Gives a reserved place back: its picture could not be prepared.
    mutating func release(lane: Int) {
        guard let count = places[lane] else { return }
        places[lane] = count > 1 ? count - 1 : nil
        reserved -= 1
    }

    /// Puts a prepared picture into its reserved place.
    mutating func enqueue(_ entry: Entry, now: Instant) {
        release(lane: entry.lane)
        if lanes[entry.lane, default: []].isEmpty { turns.append(entry.lane) }
        lanes[entry.lane, default: []].append(Waiting(entry: entry, since: now))
        waiting += 1
    }

    /// What a free worker does now. The threads of a batch are busy from here on.
    mutating func next(now: Instant) -> Decision {
        guard freeThreads > 0 else { return .idle }
        var wake: Instant?
        for _ in 0..<turns.count {
            guard let lane = turns.popFirst() else { break }
            dropHead(of: lane, now: now)
            guard let queue = lanes[lane], let first = queue.first else {
                lanes[lane] = nil
                continue
            }
            let ready = first.since.advanced(by: limits.batchWindow)
            if limits.batchWindow > .zero, queue.count < limits.maxBatch, ready > now {
                wake = min(wake ?? ready, ready)
                turns.append(lane)
                continue
            }
            let batch = take(from: lane, now: now)
            if lanes[lane] != nil { turns.append(lane) }
            if !batch.entries.isEmpty { return .run(batch) }
        }
        return wake.map { .wait(until: $0) } ?? .idle
    }

    /// Says that a pass on so many threads is over.
    mutating func finish(threads: Int) {
        freeThreads = min(limits.threads, freeThreads + threads)
    }

    /// Drops every waiting picture that nobody waits for or whose deadline passed.
    mutating func sweep(now: Instant) {
        for lane in turns {
            guard let queue = lanes[lane] else { continue }
            var kept: Deque<Waiting> = []
            for waiting in queue where !drop(waiting.entry, now: now) { kept.append(waiting) }
            lanes[lane] = kept.isEmpty ? nil : kept
        }
        turns.removeAll { lanes[$0] == nil }
    }

    /// The earliest deadline among the pictures that wait longest in their lanes; one that came later with an earlier deadline is seen when its turn comes.
    var earliestDeadline: Instant? {
        lanes.values.lazy.compactMap { $0.first?.entry.deadline }.min()
    }

    /// Hands over the pictures dropped since the last call.
    mutating func takeDropped() -> [Dropped] {
        defer { dropped.removeAll() }
        return dropped
    }

    /// Empties the queue.
    /// - Returns: the pictures that waited.
    mutating func takeWaiting() -> [Entry] {
        defer {
            lanes.removeAll()
            turns.removeAll()
            waiting = 0
        }
        return turns.flatMap { lanes[$0].map { $0.map(\.entry) } ?? [] }
    }

    private func taken(_ lane: Int) -> Int {
        (lanes[lane]?.count ?? 0) + (places[lane] ?? 0)
    }

    private mutating func take(from lane: Int, now: Instant) -> Batch {
        // Every worker gets its share of what waits, so that no worker takes all and the others idle. Where all others are in a pass and a full batch waits,
        // it is taken: more comes in until they are done, and weights are read once for all of it. Who set a window wants full batches.
        let isFull = freeThreads == 1 && (lanes[lane]?.count ?? 0) >= limits.maxBatch
        let share = isFull || limits.batchWindow > .zero ? limits.maxBatch : (waiting + limits.threads - 1) / limits.threads
        let size = min(limits.maxBatch, max(1, share))
        var entries: [Entry] = []
        while entries.count < size, let next = lanes[lane]?.popFirst() {
            if drop(next.entry, now: now) { continue }
            waiting -= 1
            entries.append(next.entry)
        }
        if lanes[lane]?.isEmpty ?? true { lanes[lane] = nil }
        guard !entries.isEmpty else { return Batch(entries: [], threads: 0) }
        // The free threads are divided among this batch and those that could start beside it.
        let further = (waiting + entries.count - 1) / entries.count
        let threads = max(1, freeThreads / (1 + further))
        freeThreads -= threads
        return Batch(entries: entries, threads: threads)
    }

    private mutating func dropHead(of lane: Int, now: Instant) {
        while let first = lanes[lane]?.first, drop(first.entry, now: now) { _ = lanes[lane]?.popFirst() }
    }

    private mutating func drop(_ entry: Entry, now: Instant) -> Bool {
        let reason: DropReason
        if entry.isAbandoned {
            reason = .abandoned
        } else if entry.deadline <= now {
            reason = .deadlinePassed
        } else {
            return false
        }
        waiting -= 1
        dropped.append(Dropped(entry: entry, reason: reason))
        return true
    }
}
