import HTTPTypes

/// Where a request stands in a trace that its client began (W3C Trace Context, `traceparent`).
public struct TraceContext: Sendable, Hashable {
    /// 32 hexadecimal digits, the same in every log of the trace.
    public let traceID: String
    /// 16 hexadecimal digits: the client's own span.
    public let parentID: String

    /// The context of a request's fields; `nil` where there is none, or it breaks the rules (3.2): then it is as if there were none.
    init?(_ fields: HTTPFields) {
        let values = fields[values: .traceParent]
        guard values.count == 1, let value = values.first else { return nil }
        // version "-" trace-id "-" parent-id "-" flags; a later version may append more behind a dash.
        let bytes = Array(value.utf8)
        guard bytes.count == 55 || (bytes.count > 55 && bytes[55] == UInt8(ascii: "-")) else { return nil }
        let dashes = [2, 35, 52]
        guard bytes[..<55].indices.allSatisfy({ dashes.contains($0) ? bytes[$0] == UInt8(ascii: "-") : Self.isHex(bytes[$0]) }) else {
            return nil
        }
        let (version, trace, parent) = (bytes[..<2], bytes[3..<35], bytes[36..<52])
        guard !version.elementsEqual("ff".utf8), !version.elementsEqual("00".utf8) || bytes.count == 55,
            trace.contains(where: { $0 != UInt8(ascii: "0") }), parent.contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        traceID = String(decoding: trace, as: UTF8.self)
        parentID = String(decoding: parent, as: UTF8.self)
    }

    /// Lower case alone (3.2.2).
    private static func isHex(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
