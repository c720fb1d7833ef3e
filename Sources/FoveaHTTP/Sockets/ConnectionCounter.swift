import Synchronization

/// Counts open connections, and tells when there is room again and when there are none left; and counts failed handshakes. Callable from any
/// thread.
final class ConnectionCounter: Sendable {
    private struct State {
        var count = 0
        var whenBelowLimit: (@Sendable () -> Void)?
        var whenEmpty: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let state = Mutex(State())
    private let failures = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    var count: Int { state.withLock { $0.count } }

    /// TLS handshakes that failed so far.
    var handshakeFailures: Int { failures.load(ordering: .relaxed) }

    /// A connection's TLS handshake failed.
    func handshakeFailed() {
        failures.add(1, ordering: .relaxed)
    }

    /// Counts a connection about to be accepted.
    ///
    /// - Parameter otherwise: called once there is room, when there is none now.
    /// - Returns: whether there is room.
    func reserve(otherwise: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.count < limit else {
                state.whenBelowLimit = otherwise
                return false
            }
            state.count += 1
            return true
        }
    }

    /// Counts a connection that is accepted whatever the limit.
    func opened() {
        state.withLock { $0.count += 1 }
    }

    /// A connection was closed, or was not there to accept after all.
    func closed() {
        let calls = state.withLock { state in
            state.count -= 1
            var calls: [@Sendable () -> Void] = []
            if state.count < limit, let call = state.whenBelowLimit {
                calls.append(call)
                state.whenBelowLimit = nil
            }
            if state.count == 0 {
                calls += state.whenEmpty
                state.whenEmpty = []
            }
            return calls
        }
        for call in calls { call() }
    }

    /// Calls `action` once no connection is open, now if there is none.
    func whenEmpty(_ action: @escaping @Sendable () -> Void) {
        let isEmpty = state.withLock { state in
            if state.count > 0 { state.whenEmpty.append(action) }
            return state.count == 0
        }
        if isEmpty { action() }
    }
}
