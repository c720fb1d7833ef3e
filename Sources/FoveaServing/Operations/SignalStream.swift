import Dispatch
import Glibc
import Synchronization

/// The signals that an operator sends, as they come. A second one to stop ends the process at once, whoever listens and whatever that one is busy with.
public final class SignalStream: @unchecked Sendable {
    /// A signal that was sent.
    public enum Signal: Sendable, Hashable {
        /// SIGTERM or SIGINT.
        case stop(Int32)
        /// SIGHUP.
        case reload
    }

    /// The signals in the order in which they came.
    public let signals: AsyncStream<Signal>
    private let continuation: AsyncStream<Signal>.Continuation
    /// Only kept alive; nothing touches them after `init`, hence the unchecked conformance.
    private let sources: [any DispatchSourceSignal]

    /// Takes SIGTERM, SIGINT and SIGHUP over from the system's own handling, for the whole process; SIGPIPE is ignored.
    public init() {
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        self.signals = signals
        self.continuation = continuation
        // A client or a log reader that is gone shows as an error of the write; the default would end the process.
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "fovea.signals")
        let stops = Stops()
        sources = [SIGTERM, SIGINT, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard number != SIGHUP else { return _ = continuation.yield(.reload) }
                // Shells and supervisors read this code as "ended by that signal".
                if !stops.isFirst() { _exit(128 + number) }
                continuation.yield(.stop(number))
            }
            source.activate()
            return source
        }
    }

    private final class Stops: Sendable {
        private let came = Atomic<Bool>(false)

        func isFirst() -> Bool { !came.exchange(true, ordering: .relaxed) }
    }

    /// Ends the stream.
    public func finish() {
        continuation.finish()
    }
}
