import HTTPTypes

/// Writes status line and fields (RFC 9112, 4 and 5).
package enum ResponseEncoder {
    /// `100 Continue` (RFC 9110, 15.2.1).
    package static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// What the connection knows about the answer.
    package struct Context {
        package var requestID: String
        package var date: String
        /// Whether the request was HEAD.
        package var isHead: Bool
        package var isHTTP10: Bool
        package var keepAlive: Bool
    }

    /// Whether an answer is sent with its body (RFC 9112, 6.3).
    package static func sendsBody(_ status: HTTPResponse.Status, isHead: Bool) -> Bool {
        !isHead && status.code >= 200 && status.code != 204 && status.code != 304
    }

    /// The head, up to and with the empty line.
    package static func encode(_ response: ServerResponse, _ context: Context) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(384)
        let code = response.head.status.code
        out.append(contentsOf: "HTTP/1.1 ".utf8)
        for divisor in [100, 10, 1] { out.append(UInt8(ascii: "0") + UInt8(code / divisor % 10)) }
        out.append(ASCII.space)
        out.append(contentsOf: response.head.status.phrase.utf8)
        out.append(contentsOf: "\r\n".utf8)

        var announced: String?
        for field in response.head.headerFields {
            switch field.name {
            // The connection's own to say.
            case .transferEncoding, .connection, .date, .requestID: continue
            case .contentLength:
                announced = field.value
                continue
            default: break
            }
            append(field.name.rawName, to: &out)
            field.withUnsafeBytesOfValue { out.append(contentsOf: $0) }
            out.append(contentsOf: "\r\n".utf8)
        }
        append("Date", context.date, to: &out)
        append("X-Request-Id", context.requestID, to: &out)
        // RFC 9110, 8.6: none with 1xx and 204; with HEAD and 304 what GET would have said, if known.
        if code >= 200, code != 204 {
            if response.body.isEmpty, !sendsBody(response.head.status, isHead: context.isHead) {
                if let announced, !announced.isEmpty, announced.utf8.allSatisfy(ASCII.isDigit) {
                    append("Content-Length", announced, to: &out)
                } else if code != 304 {
                    append("Content-Length", "0", to: &out)
                }
            } else {
                append("Content-Length", String(response.body.count), to: &out)
            }
        }
        if !context.keepAlive {
            append("Connection", "close", to: &out)
        } else if context.isHTTP10 {
            append("Connection", "keep-alive", to: &out)
        }
        out.append(contentsOf: "\r\n".utf8)
        return out
    }

    private static func append(_ name: String, to out: inout [UInt8]) {
        out.append(contentsOf: name.utf8)
        out.append(contentsOf: ": ".utf8)
    }

    private static func append(_ name: String, _ value: String, to out: inout [UInt8]) {
        append(name, to: &out)
        out.append(contentsOf: value.utf8)
        out.append(contentsOf: "\r\n".utf8)
    }
}
