import Logging
import Synchronization

/// Keeps what was logged, of every level.
final class LogRecorder: Sendable {
    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.events.withLock { $0.append(event) }
        }
    }

    private let events = Mutex<[LogEvent]>([])

    /// A logger whose events come here.
    var logger: Logger {
        Logger(label: "fovea.test") { _ in Handler(recorder: self) }
    }

    /// The metadata of the events with this message, once there are so many of them.
    func metadata(of message: String, count: Int) async throws -> [[String: String]] {
        var found: [[String: String]] = []
        for _ in 0..<2_000 {
            found = events.withLock { events in
                events.filter { $0.message.description == message }.map { ($0.metadata ?? [:]).mapValues(\.description) }
            }
            if found.count >= count { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        return found
    }
}
