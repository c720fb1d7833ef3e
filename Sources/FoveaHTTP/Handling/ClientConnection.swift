import Synchronization

/// What one request's handler and its connection tell each other: whether the client still waits for the answer, and what the log should know of it.
///
/// A client that only ended its sending side (a half-closed connection, RFC 9112, 9.6) still waits; one that reset or closed the
/// connection is gone.
public final class ClientConnection: Sendable {
    /// Asked between the layers of a pass and for every picture that waits; changed only together with `callbacks`.
    private let connected = Atomic<Bool>(true)
    private let callbacks = Mutex<[@Sendable () -> Void]>([])
    private let noted = Mutex<(any Sendable)?>(nil)

    /// A client that waits.
    public init() {}

    /// Whether somebody still waits for the answer.
    public var isConnected: Bool {
        connected.load(ordering: .acquiring)
    }

    /// Calls `action` once when the client leaves, at once if it has left; never after the answer was handed over.
    ///
    /// It runs on the connection's loop: it must be quick and must not block.
    public func onDisconnect(_ action: @escaping @Sendable () -> Void) {
        let left = callbacks.withLock { callbacks in
            if isConnected { callbacks.append(action) }
            return !isConnected
        }
        if left { action() }
    }

    /// Says that the client left.
    public func disconnect() {
        let due = callbacks.withLock { callbacks in
            connected.store(false, ordering: .releasing)
            defer { callbacks = [] }
            return callbacks
        }
        for callback in due { callback() }
    }

    /// Leaves something for whoever observes the answer (`RequestRecord.note`), in place of what was left before.
    public func note(_ value: any Sendable) {
        noted.withLock { $0 = value }
    }

    /// What was left for the observer.
    package var note: (any Sendable)? { noted.withLock { $0 } }

    /// Forgets the callbacks: the request was answered.
    package func finish() {
        callbacks.withLock { $0 = [] }
    }
}
