import FoveaHTTP
import Synchronization

/// Whether anybody still waits for an answer: the task was not cancelled and its client not gone.
final class Attendance: Sendable {
    private let cancelled = Atomic<Bool>(false)
    private let client: ClientConnection?

    init(client: ClientConnection? = nil) {
        self.client = client
    }

    var isAwaited: Bool {
        !cancelled.load(ordering: .relaxed) && client?.isConnected ?? true
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }
}
