import Synchronization

/// Tells one request's handler whether its client still waits for the answer.
///
/// A client that only ended its sending side (a half-closed connection, RFC 9112, 9.6) still waits; one that reset or closed the
/// connection is gone.
public final class ClientConnection: Sendable {
    private struct State {
        var isConnected = true
        var callbacks: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// A client that waits.
    public init() {}

    /// Whether somebody still waits for the answer.
    public var isConnected: Bool {
        state.withLock { $0.isConnected }
    }

    /// Calls `action` once when the client leaves, at once if it has left; never after the answer was handed over.
    ///
    /// It runs on the connection's queue: it must be quick and must not block.
    public func onDisconnect(_ action: @escaping @Sendable () -> Void) {
        let left = state.withLock { state in
            if state.isConnected { state.callbacks.append(action) }
            return !state.isConnected
        }
        if left { action() }
    }

    /// Says that the client left.
    public func disconnect() {
        let callbacks = state.withLock { state in
            state.isConnected = false
            defer { state.callbacks = [] }
            return state.callbacks
        }
        for callback in callbacks { callback() }
    }

    /// Forgets the callbacks: the request was answered.
    package func finish() {
        state.withLock { $0.callbacks = [] }
    }
}
