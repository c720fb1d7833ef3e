import FoveaGraph
import Synchronization

/// The sessions of one model that no worker uses at the moment.
///
/// There are never more than workers, and they go when the model goes. The one used last is taken first: its memory is the warmest.
final class SessionShelf: Sendable {
    /// A session in one pair of hands at a time: it is either on the shelf or with the worker that took it, which is why it may cross threads.
    final class Lease: @unchecked Sendable {
        let session: Session

        init(_ session: Session) {
            self.session = session
        }
    }

    private let idle = Mutex<[Lease]>([])

    /// Takes a session off the shelf, if one is there.
    func take() -> Lease? {
        idle.withLock { $0.popLast() }
    }

    /// Puts a session back.
    func put(_ lease: Lease) {
        idle.withLock { $0.append(lease) }
    }
}
