import Synchronization

/// A job that has one run at a time, however often it is asked for: what is asked for during a run is done by one more after it.
final class CoalescingJob: Sendable {
    private enum State: Sendable {
        case idle
        /// A run is to start; it will see all that was there when it was asked for.
        case submitted
        case running
        /// A run is under way that may have seen too little.
        case outdated
    }

    private let state = Mutex(State.idle)
    private let pool: BlockingPool
    private let body: @Sendable () -> Void

    /// - Parameter pool: where it runs.
    init(on pool: BlockingPool, _ body: @escaping @Sendable () -> Void) {
        self.pool = pool
        self.body = body
    }

    /// Has a run start after this, and does not wait for it.
    func request() {
        let isNew = state.withLock { state -> Bool in
            switch state {
            case .idle:
                state = .submitted
                return true
            case .running:
                state = .outdated
                return false
            case .submitted, .outdated: return false
            }
        }
        if isNew { pool.submit(lane: 0) { self.run() } }
    }

    private func run() {
        state.withLock { $0 = .running }
        body()
        let isOutdated = state.withLock { state -> Bool in
            let isOutdated = state == .outdated
            state = isOutdated ? .submitted : .idle
            return isOutdated
        }
        if isOutdated { pool.submit(lane: 0) { self.run() } }
    }
}
