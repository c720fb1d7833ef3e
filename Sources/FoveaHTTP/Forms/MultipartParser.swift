import HTTPTypes

/// Cuts a body at its boundaries (RFC 2046, 5.1.1) and reads the parts' headers (RFC 7578, 4).
struct MultipartParser {
    private let body: [UInt8]
    private let limits: Multipart.Limits
    /// CRLF, two hyphens, the boundary. A boundary holds no CR, so that finding it takes linear time.
    private let delimiter: [UInt8]

    init(body: [UInt8], contentType: String, limits: Multipart.Limits) throws(Problem) {
        guard let type = FieldParameters(contentType) else {
            throw Problem(.badRequest, "The Content-Type '\(contentType)' is malformed (RFC 9110, 8.3.1).")
        }
        guard type.value == "multipart/form-data" else {
            throw Problem(.unsupportedMediaType, "The media type is '\(type.value)', not 'multipart/form-data'.")
        }
        guard let boundary = type["boundary"] else {
            throw Problem(.badRequest, "The Content-Type multipart/form-data has no boundary (RFC 2046, 5.1).")
        }
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.last != ASCII.space,
            boundary.utf8.allSatisfy({ $0 >= ASCII.space && $0 < 0x7f })
        else {
            throw Problem(.badRequest, "The multipart boundary is not one of 1 to 70 printable characters (RFC 2046, 5.1.1).")
        }
        self.body = body
        self.limits = limits
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    func parse() throws(Problem) -> [Multipart.Part] {
        var parts: [Multipart.Part] = []
        var position = try firstDelimiterEnd()
        while true {
            guard let start = try partStart(position, number: parts.count + 1) else { return parts }
            guard parts.count < limits.parts else {
                throw Problem(.contentTooLarge, "The multipart body has more than \(limits.parts) parts.")
            }
            let number = parts.count + 1
            let (fields, content) = try header(from: start, number: number)
            // A part without content may lack the CRLF of its own before the delimiter: the header's last CRLF serves for both.
            guard let end = ByteSearch.first(delimiter, in: body, from: content - 2) else {
                throw Problem(.badRequest, "Part \(number) of the multipart body has no end: its closing boundary is missing.")
            }
            parts.append(try part(fields, body[content..<max(content, end)], number: number))
            position = end + delimiter.count
        }
    }

    /// Behind the first delimiter, which needs no CRLF at the body's very start; a preamble before it is ignored.
    private func firstDelimiterEnd() throws(Problem) -> Int {
        if body.starts(with: delimiter.dropFirst(2)) { return delimiter.count - 2 }
        if let found = ByteSearch.first(delimiter, in: body, from: 0) { return found + delimiter.count }
        throw Problem(.badRequest, "The multipart body does not hold the boundary that its Content-Type names.")
    }

    /// Where a part's header starts behind a delimiter; `nil` behind the closing one.
    private func partStart(_ position: Int, number: Int) throws(Problem) -> Int? {
        var index = position
        if index + 1 < body.count, body[index] == UInt8(ascii: "-"), body[index + 1] == UInt8(ascii: "-") { return nil }
        while index < body.count, body[index] == ASCII.space || body[index] == ASCII.tab { index += 1 }
        guard index + 1 < body.count, body[index] == ASCII.cr, body[index + 1] == ASCII.lf else {
            throw Problem(.badRequest, "The boundary before part \(number) of the multipart body is not followed by CRLF.")
        }
        return index + 2
    }

    private func header(from start: Int, number: Int) throws(Problem) -> (HTTPFields, contentStart: Int) {
        let bound = min(body.count, start + limits.partHeaderBytes)
        var fields = HTTPFields()
        var position = start
        while true {
            guard let end = ByteSearch.first(ASCII.cr, in: body, from: position), end + 1 < bound else {
                throw Problem(
                    .badRequest, "The header of part \(number) of the multipart body has no end within \(limits.partHeaderBytes) bytes.")
            }
            let line = body[position..<end]
            guard body[end + 1] == ASCII.lf, line.allSatisfy(ASCII.isFieldValue) else {
                throw Problem(.badRequest, "The header of part \(number) of the multipart body holds control characters.")
            }
            position = end + 2
            if line.isEmpty { return (fields, position) }
            let field: FieldLine
            do {
                field = try FieldLine(parsing: Array(line))
            } catch {
                throw Problem(.badRequest, "The header of part \(number) of the multipart body is malformed: \(error.detail)")
            }
            fields.append(HTTPField(name: field.name, value: field.value))
        }
    }

    private func part(_ fields: HTTPFields, _ content: ArraySlice<UInt8>, number: Int) throws(Problem) -> Multipart.Part {
        let dispositions = fields[values: .contentDisposition]
        guard dispositions.count == 1, let disposition = FieldParameters(dispositions[0]), disposition.value == "form-data" else {
            throw Problem(
                .badRequest, "Part \(number) of the multipart body has no valid 'Content-Disposition: form-data' (RFC 7578, 4.2).")
        }
        guard let name = disposition["name"] else {
            throw Problem(.badRequest, "Part \(number) of the multipart body has no name (RFC 7578, 4.2).")
        }
        if let coding = fields[.contentTransferEncoding]?.lowercased(), !["7bit", "8bit", "binary"].contains(coding) {
            throw Problem(
                .badRequest, "Part \(number) ('\(name)') has the Content-Transfer-Encoding '\(coding)'; send it as it is (RFC 7578, 4.7).")
        }
        return Multipart.Part(name: name, contentType: fields[.contentType], body: content)
    }
}

extension Multipart {
    /// Reads a whole body.
    ///
    /// - Parameter contentType: the request's `Content-Type`, with the boundary.
    /// - Throws: a 400 `Problem` that says what was wrong and in which part; 415 when the type is not `multipart/form-data`.
    public init(body: [UInt8], contentType: String, limits: Limits = Limits()) throws(Problem) {
        parts = try MultipartParser(body: body, contentType: contentType, limits: limits).parse()
    }
}
