import FoveaHTTP
import Testing

/// Bytes of a client, what is to become of them, and the rule that says so.
struct FramingCase: Sendable, CustomTestStringConvertible {
    enum Verdict: Sendable, Equatable {
        /// These requests, and nothing left to complain about.
        case requests([Request])
        /// These requests, then an error answer and the connection's end.
        case error(Int, after: Int = 0)
        /// More bytes are needed.
        case incomplete
    }

    struct Request: Sendable, Equatable, CustomStringConvertible {
        var method: String
        var path: String
        var body: String
        var keepAlive: Bool

        init(_ method: String, _ path: String, _ body: String = "", keepAlive: Bool = true) {
            self.method = method
            self.path = path
            self.body = body
            self.keepAlive = keepAlive
        }

        var description: String { "\(method) \(path) '\(body)' \(keepAlive ? "keep-alive" : "close")" }
    }

    var name: String
    var bytes: [UInt8]
    var verdict: Verdict
    var rule: String

    init(_ name: String, _ text: String, _ verdict: Verdict, _ rule: String) {
        self.name = name
        bytes = Array(text.utf8)
        self.verdict = verdict
        self.rule = rule
    }

    /// A case that puts one line into an otherwise valid GET.
    static func line(_ name: String, _ line: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase(name, "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n", verdict, rule)
    }

    /// A case with only a request line and Host.
    static func start(_ name: String, _ line: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase(name, "\(line)\r\nHost: a\r\n\r\n", verdict, rule)
    }

    /// A case with a chunked body.
    static func chunked(_ name: String, _ body: String, _ verdict: Verdict, _ rule: String) -> FramingCase {
        FramingCase(name, "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", verdict, rule)
    }

    var testDescription: String { name }
}
