import FoveaHTTP

/// A connection without a socket: bytes go straight into a `ConnectionState`, whose clock a test turns.
public actor InProcessStream: ByteStream {
    private let handler: any Handler
    private var state: ConnectionState
    private var now = Moment(instant: .now, unixTime: 784_111_777)
    private var output: [UInt8] = []
    private var hasEnded = false
    private var waiting: CheckedContinuation<Void, Never>?
    /// What the server reported.
    public private(set) var records: [RequestRecord] = []
    /// Whether the server asked whether the client is still there.
    public private(set) var isWatched = false

    init(handler: any Handler, limits: HTTPLimits, problems: ProblemRenderer) {
        self.handler = handler
        state = ConnectionState(limits: limits, problems: problems, remoteAddress: "192.0.2.1:1", at: now) { handler.admit($0) }
    }

    /// See `ByteStream`.
    public func send(_ bytes: [UInt8]) {
        run(state.received(bytes[...], at: now))
    }

    /// See `ByteStream`.
    public func endSending() {
        run(state.receivedEnd(at: now))
    }

    /// See `ByteStream`.
    public func reset() {
        run(state.lost(at: now))
    }

    /// See `ByteStream`.
    public func close() {
        run(state.receivedEnd(at: now))
    }

    /// See `ByteStream`.
    public func receive() async throws -> [UInt8] {
        while output.isEmpty, !hasEnded {
            await withCheckedContinuation { waiting = $0 }
        }
        defer { output = [] }
        return output
    }

    /// Lets time pass.
    public func advance(by duration: Duration) {
        now = now.advanced(by: duration)
        run(state.timePassed(at: now))
    }

    /// Tells the connection that the server is about to end.
    package func drain(_ drain: ConnectionState.Drain) {
        state.drain(drain, at: now)
    }

    /// Whether the server closed the connection.
    public var isClosed: Bool { state.isClosed }
    /// Whether the server wants to read.
    public var wantsInput: Bool { state.wantsInput }

    private func run(_ actions: [ConnectionState.Action]) {
        var queue = actions
        while !queue.isEmpty {
            var sent = false
            for action in queue {
                switch action {
                case .respond(let request):
                    Task {
                        let response = await handler.respond(to: request)
                        run(state.answered(response, at: now))
                    }
                case .send(let head, let body):
                    output += head
                    output += body
                    sent = true
                case .watchPeer: isWatched = true
                case .abandon(let client): client.disconnect()
                case .endSending, .close: hasEnded = true
                case .report(let record): records.append(record)
                }
            }
            queue = sent ? state.flushed(at: now) : []
        }
        if !output.isEmpty || hasEnded {
            waiting?.resume()
            waiting = nil
        }
    }
}
