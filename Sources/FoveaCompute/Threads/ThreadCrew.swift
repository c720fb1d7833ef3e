import CFoveaProcessor
import FoveaSystem
import Synchronization

/// What a team's caller and its helpers share.
///
/// A helper joins a call only while the call is open: one that wakes too late sleeps on, so that on a busy machine the caller never waits
/// for a thread that has no work left.
final class ThreadCrew: @unchecked Sendable {
    typealias Body = (_ block: Int, _ thread: Int) -> Void

    // Written by the caller while no call is open and no helper is active, read by helpers that joined an open call.
    private var body: Body?
    private var blocks = 0
    private var limit = 0

    /// Counts openings and closings: odd while a call is open.
    private let call = Atomic<Int>(0)
    /// Helpers that may be reading the call. One counts itself before it looks whether the call is still open, and the caller closes the
    /// call before it looks at the count, so that one of the two sees the other.
    private let active = Atomic<Int>(0)
    /// For each thread the next block of its own share, each in cache lines of its own.
    ///
    /// A thread begins with its share, always the same part of the work, so that what it wrote in one call is in its own caches in the
    /// next; then it takes what others left of theirs.
    private let next: UnsafeMutablePointer<Atomic<Int>>
    private let threads: Int
    private let parked = Atomic<Int>(0)
    private let callerWaits = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)

    // For those who wait long: helpers for a call, the caller for the last helper.
    private let lock = Lock()
    private let opened = Condition()
    private let left = Condition()

    /// How long one looks before it parks: longer than the steps of a pass that one thread does alone.
    private let patience: Duration
    /// Counters of two neighbouring lines, which processors fetch together.
    private static let spread = 16

    /// - Parameter spins: Whether threads may look for work before they sleep. Under a processor quota that would eat what the work needs.
    init(threads: Int, spins: Bool) {
        self.threads = threads
        patience = spins ? .microseconds(100) : .zero
        next = .allocate(capacity: threads * Self.spread)
        for thread in 0..<threads { (next + thread * Self.spread).initialize(to: Atomic(0)) }
    }

    deinit {
        for thread in 0..<threads { (next + thread * Self.spread).deinitialize(count: 1) }
        next.deallocate()
    }

    /// The caller's side of one call.
    func run(blocks: Int, limit: Int, _ body: @escaping Body) {
        self.body = body
        self.blocks = blocks
        self.limit = limit
        for thread in 0..<limit { counter(thread).pointee.store(share(thread).lowerBound, ordering: .relaxed) }
        call.add(1, ordering: .sequentiallyConsistent)
        if parked.load(ordering: .sequentiallyConsistent) > 0 { lock.withLock { opened.broadcast() } }

        work(as: 0, body)

        call.add(1, ordering: .sequentiallyConsistent)
        waitForHelpers()
        self.body = nil
    }

    private func waitForHelpers() {
        if spin(until: { active.load(ordering: .sequentiallyConsistent) == 0 }) { return }
        lock.withLock {
            callerWaits.store(true, ordering: .sequentiallyConsistent)
            while active.load(ordering: .sequentiallyConsistent) > 0 { left.wait(lock) }
            callerWaits.store(false, ordering: .relaxed)
        }
    }

    /// A helper's life.
    func help(as thread: Int) {
        _ = fovea_flush_subnormals()
        var seen = 0
        while !stopped.load(ordering: .relaxed) {
            let current = waitForCall(after: seen)
            seen = current
            guard current % 2 == 1 else { continue }
            active.add(1, ordering: .sequentiallyConsistent)
            if call.load(ordering: .sequentiallyConsistent) == current { workInOpenCall(as: thread) }
            if active.subtract(1, ordering: .sequentiallyConsistent).newValue == 0, callerWaits.load(ordering: .sequentiallyConsistent) {
                lock.withLock { left.signal() }
            }
        }
    }

    func stop() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        lock.withLock { opened.broadcast() }
    }

    /// Waits until the count of openings and closings is another than `seen`, or the team ends.
    private func waitForCall(after seen: Int) -> Int {
        var current = seen
        let isOpen = spin {
            current = call.load(ordering: .acquiring)
            return current != seen && current % 2 == 1
        }
        if isOpen { return current }
        return lock.withLock {
            parked.add(1, ordering: .sequentiallyConsistent)
            defer { parked.subtract(1, ordering: .relaxed) }
            while true {
                let current = call.load(ordering: .sequentiallyConsistent)
                if current != seen && current % 2 == 1 || stopped.load(ordering: .sequentiallyConsistent) { return current }
                opened.wait(lock)
            }
        }
    }

    /// Looks for `condition` as long as patience lasts.
    @inline(__always)
    private func spin(until condition: () -> Bool) -> Bool {
        guard patience > .zero else { return false }
        let start = Instant.now
        repeat {
            for _ in 0..<64 {
                if condition() { return true }
                fovea_pause()
            }
        } while start.duration(to: .now) < patience
        return false
    }

    // Not inlined, so that the body's last reference of this thread ends here, while the caller still waits for `active`.
    @inline(never) private func workInOpenCall(as thread: Int) {
        guard thread < limit, let body else { return }
        work(as: thread, body)
    }

    private func work(as thread: Int, _ body: Body) {
        for other in 0..<limit {
            let owner = (thread + other) % limit
            let end = share(owner).upperBound
            while true {
                let block = counter(owner).pointee.add(1, ordering: .relaxed).oldValue
                guard block < end else { break }
                body(block, thread)
            }
        }
    }

    private func share(_ thread: Int) -> Range<Int> { thread * blocks / limit..<(thread + 1) * blocks / limit }

    private func counter(_ thread: Int) -> UnsafeMutablePointer<Atomic<Int>> { next + thread * Self.spread }
}
