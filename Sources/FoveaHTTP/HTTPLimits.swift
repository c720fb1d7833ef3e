/// Bounds on one connection's messages and times. Sizes are bytes.
public struct HTTPLimits: Sendable {
    /// The longest request line (414).
    public var requestLine = 8_192
    /// All field lines together, of a head or of trailers (431).
    public var headerBlock = 32_768
    /// The most field lines (431).
    public var fieldCount = 128
    /// The largest body (413).
    public var body = 64 << 20
    /// Pipelined bytes behind which nothing more is read while a request is being answered. One read, of 64 KiB at most, may pass it.
    public var pipelined = 16_384
    /// From a request's first byte to the end of its head (408). From the connection's start to that byte, with the TLS handshake; then the connection is closed
    /// without a word.
    public var headerTimeout: Duration = .seconds(10)
    /// From the head's end to the body's (408).
    public var bodyTimeout: Duration = .seconds(120)
    /// The slowest rate in bytes per second at which a body may come, after a grace of `bodyGrace` (408), and an answer be taken, after `writeTimeout`.
    public var minimumRate = 1_024
    /// The time before the slowest rate counts.
    public var bodyGrace: Duration = .seconds(5)
    /// The longest pause amid a body, however fast it came before (408).
    public var bodyIdleTimeout: Duration = .seconds(20)
    /// Between two requests; then the connection is closed without a word.
    public var idleTimeout: Duration = .seconds(75)
    /// The longest a client may take nothing of an answer.
    public var writeTimeout: Duration = .seconds(30)
    /// What the slowest rate earns at most: no answer may take longer than this and `writeTimeout`, however large.
    public var answerTimeout: Duration = .seconds(600)
    /// After an answer that came before the body's end: how long the rest is read, so that the client sees the answer and not a reset.
    public var lingerTimeout: Duration = .seconds(30)
    /// The longest pause in that rest.
    public var lingerIdleTimeout: Duration = .seconds(5)
    /// As `lingerTimeout`, in bytes.
    public var lingerBytes = 128 << 20
    /// While draining: how long a connection may stay idle, so that a request already under way is still answered.
    public var drainIdleTimeout: Duration = .seconds(1)

    /// The defaults.
    public init() {}

    /// What so many bytes take at the slowest rate.
    func time(of count: Int) -> Duration { .seconds(Double(count) / Double(max(minimumRate, 1))) }
}
