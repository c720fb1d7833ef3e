import Synchronization

/// What one request's handler and its connection tell each other: whether the client still waits for the answer, and what the log should know of it.
///
/// A client that only ended its sending side (a half-closed connection, RFC 9112, 9.6) still waits; one that reset or closed the
/// connection is gone.
public final class ClientConnection: Sendable {
    /// Asked between the layers of a pass and for every picture that waits.
    private let connected = Atomic<Bool>(true)
    private let noted = Mutex<(any Sendable)?>(nil)
    private let held = Mutex<[(count: Int, budget: ByteBudget)]>([])

    /// A client that waits.
    public init() {}

    deinit { releaseBytes() }

    /// Whether somebody still waits for the answer.
    public var isConnected: Bool {
        connected.load(ordering: .acquiring)
    }

    /// Says that the client left.
    public func disconnect() {
        connected.store(false, ordering: .releasing)
    }

    /// Has bytes that were taken from a budget for this request be held as long as anything of the request is: its handler may go on, and its body wait
    /// in a queue, when the client has left.
    package func hold(_ count: Int, of budget: ByteBudget) {
        if count > 0 { held.withLock { $0.append((count, budget)) } }
    }

    /// Gives back what is held: the request is answered.
    package func releaseBytes() {
        let held = held.withLock { held in
            defer { held = [] }
            return held
        }
        for (count, budget) in held { budget.release(count) }
    }

    /// Leaves something for whoever observes the answer (`RequestRecord.note`), in place of what was left before.
    public func note(_ value: any Sendable) {
        noted.withLock { $0 = value }
    }

    /// What was left for the observer.
    package var note: (any Sendable)? { noted.withLock { $0 } }
}
