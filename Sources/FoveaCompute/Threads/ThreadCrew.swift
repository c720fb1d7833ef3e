import CFoveaProcessor
import Glibc
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
    private let next = Atomic<Int>(0)
    private let parked = Atomic<Int>(0)
    private let callerWaits = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)

    // For those who wait long: helpers for a call, the caller for the last helper.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let left = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// How often one looks before it parks: some tens of microseconds, longer than the steps of a pass are apart.
    private let spins: Int

    /// - Parameter spins: Whether threads may look for work before they sleep. Under a processor quota that would eat what the work needs.
    init(spins: Bool) {
        self.spins = spins ? 2000 : 0
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(opened, nil)
        pthread_cond_init(left, nil)
    }

    deinit {
        pthread_cond_destroy(left)
        pthread_cond_destroy(opened)
        pthread_mutex_destroy(mutex)
        left.deallocate()
        opened.deallocate()
        mutex.deallocate()
    }

    /// The caller's side of one call.
    func run(blocks: Int, limit: Int, _ body: @escaping Body) {
        self.body = body
        self.blocks = blocks
        self.limit = limit
        next.store(0, ordering: .relaxed)
        call.add(1, ordering: .sequentiallyConsistent)
        if parked.load(ordering: .sequentiallyConsistent) > 0 {
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(opened)
            pthread_mutex_unlock(mutex)
        }

        work(blocks, as: 0, body)

        call.add(1, ordering: .sequentiallyConsistent)
        waitForHelpers()
        self.body = nil
    }

    private func waitForHelpers() {
        for _ in 0..<spins {
            if active.load(ordering: .sequentiallyConsistent) == 0 { return }
            fovea_pause()
        }
        pthread_mutex_lock(mutex)
        callerWaits.store(true, ordering: .sequentiallyConsistent)
        while active.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(left, mutex) }
        callerWaits.store(false, ordering: .relaxed)
        pthread_mutex_unlock(mutex)
    }

    /// A helper's life.
    func help(as thread: Int) {
        var seen = 0
        while !stopped.load(ordering: .relaxed) {
            let current = waitForCall(after: seen)
            seen = current
            guard current % 2 == 1 else { continue }
            active.add(1, ordering: .sequentiallyConsistent)
            if call.load(ordering: .sequentiallyConsistent) == current { workInOpenCall(as: thread) }
            if active.subtract(1, ordering: .sequentiallyConsistent).newValue == 0, callerWaits.load(ordering: .sequentiallyConsistent) {
                pthread_mutex_lock(mutex)
                pthread_cond_signal(left)
                pthread_mutex_unlock(mutex)
            }
        }
    }

    func stop() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(opened)
        pthread_mutex_unlock(mutex)
    }

    /// Waits until the count of openings and closings is another than `seen`, or the team ends.
    private func waitForCall(after seen: Int) -> Int {
        for _ in 0..<spins {
            let current = call.load(ordering: .acquiring)
            if current != seen, current % 2 == 1 { return current }
            fovea_pause()
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        parked.add(1, ordering: .sequentiallyConsistent)
        defer { parked.subtract(1, ordering: .relaxed) }
        while true {
            let current = call.load(ordering: .sequentiallyConsistent)
            if current != seen && current % 2 == 1 || stopped.load(ordering: .sequentiallyConsistent) { return current }
            pthread_cond_wait(opened, mutex)
        }
    }

    // Not inlined, so that the body's last reference of this thread ends here, while the caller still waits for `active`.
    @inline(never) private func workInOpenCall(as thread: Int) {
        guard thread < limit, let body else { return }
        work(blocks, as: thread, body)
    }

    private func work(_ blocks: Int, as thread: Int, _ body: Body) {
        while true {
            let block = next.add(1, ordering: .relaxed).oldValue
            guard block < blocks else { return }
            body(block, thread)
        }
    }
}
