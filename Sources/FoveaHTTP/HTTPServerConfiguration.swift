import Logging

/// Where the server listens, and its bounds. Sizes are bytes.
public struct HTTPServerConfiguration: Sendable {
    /// A numeric address or a name; both IPv4 and IPv6.
    public var host = "127.0.0.1"
    /// The TCP port; 0 lets the system pick one.
    public var port = 8080
    /// The most connections at once; more wait in the system's queue.
    public var maxConnections = 10_000
    /// The system's queue of connections that wait to be accepted; who finds it full knocks again after a second.
    public var backlog = 4_096
    /// Bytes of request bodies that all connections together may hold until they are answered; more are answered 429.
    public var maxBodyBytes = 1 << 30
    /// Bytes of long answers that all connections together may hold until their clients took them; more are answered 429.
    public var maxAnswerBytes = 512 << 20
    /// Event loops, a thread each, at most eight; one for each processor where it says nothing.
    public var loops: Int?
    /// How long an event loop rests after a round with an answer of 429, at most a few milliseconds: who is refused comes back, and one wake then
    /// serves several. Zero where a place that comes free must be taken at once.
    public var overloadPause: Duration = .zero
    /// Bounds on one connection's messages and times.
    public var limits = HTTPLimits()
    /// Serves over TLS when set.
    public var tls: TLSConfiguration?
    /// How connection-level problems (framing errors, time-outs) are told.
    public var problems = ProblemRenderer()
    /// Called after every answer, on the connection's loop; it must be quick.
    public var observe: (@Sendable (RequestRecord) -> Void)?
    /// Where failures that no client is told about go.
    public var logger = Logger(label: "fovea.http")

    /// The defaults.
    public init() {}
}
