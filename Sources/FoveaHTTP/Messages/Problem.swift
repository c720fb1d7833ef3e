import HTTPTypes

/// An error as it is told to clients: `application/problem+json` (RFC 9457).
public struct Problem: Error, Sendable, Equatable {
    /// A URI that names the kind of problem; `about:blank` when the status says all.
    public var type: String
    /// A short text, the same for every problem of this type; the status' own phrase unless told otherwise.
    public var title: String
    /// The HTTP status.
    public var status: HTTPResponse.Status
    /// What was wrong with this request, where, and what to do.
    public var detail: String
    /// Fields for the answer, such as `Retry-After`, `Allow` or `WWW-Authenticate`.
    public var fields: HTTPFields

    /// A problem.
    public init(
        _ status: HTTPResponse.Status, _ detail: String, type: String = "about:blank", title: String? = nil, fields: HTTPFields = [:]
    ) {
        self.type = type
        self.title = title ?? status.phrase
        self.status = status
        self.detail = detail
        self.fields = fields
    }

    /// The problem document (RFC 9457, 3), with `request_id` as its extension member.
    public func json(requestID: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(160 + detail.utf8.count)
        out.append(contentsOf: #"{"type":"#.utf8)
        JSONText.append(type, to: &out)
        out.append(contentsOf: #","title":"#.utf8)
        JSONText.append(title, to: &out)
        out.append(contentsOf: #","status":\#(status.code)"#.utf8)
        out.append(contentsOf: #","detail":"#.utf8)
        JSONText.append(detail, to: &out)
        out.append(contentsOf: #","request_id":"#.utf8)
        JSONText.append(requestID, to: &out)
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// The answer that carries the problem document.
    public func response(requestID: String) -> ServerResponse {
        var response = ServerResponse(status: status, fields: fields, body: json(requestID: requestID))
        response.head.headerFields[.contentType] = "application/problem+json"
        return response
    }
}
