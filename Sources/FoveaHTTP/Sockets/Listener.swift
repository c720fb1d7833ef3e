import Dispatch
import Logging

/// Accepts connections and spreads them over the loops. Touched on its queue alone; that is what makes it `Sendable`.
final class Listener: @unchecked Sendable {
    private let socket: Socket
    private let loops: [ConnectionLoop]
    private let counter: ConnectionCounter
    private let tls: TLSStore?
    private let logger: Logger
    private let queue = DispatchQueue(label: "fovea.http.accept", qos: .userInitiated)
    private var source: (any DispatchSourceRead)?
    private var isPaused = false
    private var isExhausted = false
    /// Whether the limit of connections was reached, and told.
    private var isFull = false
    private var next = 0

    init(socket: Socket, loops: [ConnectionLoop], counter: ConnectionCounter, tls: TLSStore?, logger: Logger) {
        self.socket = socket
        self.loops = loops
        self.counter = counter
        self.tls = tls
        self.logger = logger
    }

    deinit {
        // A source must not go while it is suspended.
        if isPaused { source?.resume() }
        source?.cancel()
    }

    func start() {
        queue.sync {
            let source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
            source.setEventHandler { [weak self] in self?.acceptAll() }
            let socket = socket
            source.setCancelHandler { socket.close() }
            self.source = source
            source.activate()
        }
    }

    /// Takes only connections that have begun.
    func ignoreNewConnections() {
        queue.sync {
            if source != nil { socket.ignoreNewConnections() }
        }
    }

    /// Takes what waits already, then closes: a connection that the system accepted is not cut.
    func stop() {
        queue.sync {
            guard let source else { return }
            if isPaused {
                isPaused = false
                source.resume()
            }
            acceptAll(beyondLimit: true)
            if isPaused { source.resume() }
            source.cancel()
            self.source = nil
        }
    }

    private func acceptAll(beyondLimit: Bool = false) {
        while source != nil, !isPaused {
            if beyondLimit {
                counter.opened()
            } else if !counter.reserve(otherwise: { [weak self] in self?.resumeSoon(after: .zero) }) {
                // Nobody waits yet: no other connection needs to go.
                guard socket.isReadable else { return }
                if !isFull {
                    logger.warning("As many connections are open as may be; others wait.", metadata: ["connections": "\(counter.count)"])
                }
                isFull = true
                pause()
                // Connections without a request must not keep those with one out, nor probes.
                for loop in loops { loop.makeRoom() }
                resumeSoon(after: .seconds(1))
                return
            }
            switch socket.accept() {
            case .socket(let accepted, let remoteAddress):
                loops[next].adopt(accepted, remoteAddress: remoteAddress, tls: tls)
                next = (next + 1) % loops.count
                continue
            case .none:
                // Only now is it over: while some wait, each descriptor that comes free is taken at once.
                isFull = false
                if isExhausted { logger.notice("Connections are accepted again.") }
                isExhausted = false
            case .exhausted(let code):
                // The system looks for a descriptor before it looks whether anybody waits.
                guard socket.isReadable else { break }
                // What waits stays in the system's queue until descriptors are free again. Told once, not ten times a second.
                if !isExhausted { logger.warning("No connection can be accepted for now.", metadata: ["error": "\(Socket.message(code))"]) }
                isExhausted = true
                pause()
                for loop in loops { loop.makeRoom() }
                resumeSoon(after: .milliseconds(100))
            case .failed(let code):
                logger.critical("The listening socket failed.", metadata: ["error": "\(Socket.message(code))"])
                pause()
                resumeSoon(after: .seconds(1))
            }
            counter.closed()
            return
        }
    }

    private func pause() {
        guard !isPaused else { return }
        isPaused = true
        source?.suspend()
    }

    private func resumeSoon(after delay: Duration) {
        let milliseconds = Int(delay.components.seconds * 1_000 + delay.components.attoseconds / 1_000_000_000_000_000)
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [self] in
            guard isPaused, let source else { return }
            isPaused = false
            source.resume()
        }
    }
}
