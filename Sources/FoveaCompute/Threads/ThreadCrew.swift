import Glibc
import Synchronization

/// What a team's caller and its helpers share.
///
/// A helper joins a call only while the call is open: one that wakes too late sleeps on, so that on a busy machine the caller never waits
/// for a thread that has no work left.
final class ThreadCrew: @unchecked Sendable {
    typealias Body = (_ block: Int, _ thread: Int) -> Void

    // `mutex` guards `body`, `blocks`, `limit`, `active` and `stopped`; `call` is written under it and read by spinning helpers without.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let left = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var body: Body?
    private var blocks = 0
    private var limit = 0
    private var active = 0
    private var stopped = false
    private let call = Atomic<Int>(0)
    private let next = Atomic<Int>(0)

    /// How often a helper looks for the next call before it parks: a few microseconds, about what waking it costs.
    private static let spins = 4000

    init() {
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
        next.store(0, ordering: .relaxed)
        pthread_mutex_lock(mutex)
        self.body = body
        self.blocks = blocks
        self.limit = limit
        call.add(1, ordering: .releasing)
        pthread_cond_broadcast(opened)
        pthread_mutex_unlock(mutex)

        work(blocks, as: 0, body)

        pthread_mutex_lock(mutex)
        self.body = nil
        while active > 0 { pthread_cond_wait(left, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// A helper's life.
    func help(as thread: Int) {
        var seen = 0
        while join(after: &seen, as: thread) {}
    }

    func stop() {
        pthread_mutex_lock(mutex)
        stopped = true
        call.add(1, ordering: .releasing)
        pthread_cond_broadcast(opened)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for a call and works in it; false when the team has ended. The body is let go before the caller can return.
    private func join(after seen: inout Int, as thread: Int) -> Bool {
        for _ in 0..<Self.spins where call.load(ordering: .relaxed) != seen { break }
        pthread_mutex_lock(mutex)
        while call.load(ordering: .relaxed) == seen, !stopped { pthread_cond_wait(opened, mutex) }
        seen = call.load(ordering: .relaxed)
        let isOpen = body != nil && thread < limit && !stopped
        if isOpen { active += 1 }
        let goesOn = !stopped
        pthread_mutex_unlock(mutex)

        if isOpen {
            workInOpenCall(as: thread)
            pthread_mutex_lock(mutex)
            active -= 1
            if active == 0 { pthread_cond_signal(left) }
            pthread_mutex_unlock(mutex)
        }
        return goesOn
    }

    // Not inlined, so that the body's last reference of this thread ends here, while the caller still waits for `active`.
    @inline(never) private func workInOpenCall(as thread: Int) {
        pthread_mutex_lock(mutex)
        let (body, blocks) = (body, blocks)
        pthread_mutex_unlock(mutex)
        if let body { work(blocks, as: thread, body) }
    }

    private func work(_ blocks: Int, as thread: Int, _ body: Body) {
        while true {
            let block = next.add(1, ordering: .relaxed).oldValue
            guard block < blocks else { return }
            body(block, thread)
        }
    }
}
