import HTTPTypes

/// Reads answers out of bytes; strict about what our server always says.
struct ResponseReader {
    private var bytes: [UInt8] = []

    /// Whether bytes of an answer are left.
    var isEmpty: Bool { bytes.isEmpty }

    mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    /// The next answer, 1xx among them; `nil` while it is incomplete.
    mutating func next(toHead: Bool) throws -> TestResponse? {
        let text = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: text) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else { throw TestError("not an answer: \(lines[0])") }
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) else {
                throw TestError("not a field: \(line)")
            }
            fields.append(HTTPField(name: name, value: String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
        var length = 0
        if status >= 200, status != 204, status != 304, !toHead {
            guard let value = fields[.contentLength], let announced = Int(value) else {
                throw TestError("an answer without Content-Length")
            }
            length = announced
        }
        let start = end + 4
        guard bytes.count - start >= length else { return nil }
        let body = Array(bytes[start..<(start + length)])
        bytes.removeFirst(start + length)
        return TestResponse(status: status, fields: fields, body: body)
    }
}
