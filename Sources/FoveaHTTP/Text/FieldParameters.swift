/// A field value with parameters, such as `form-data; name="a"` (RFC 9110, 5.6.6).
package struct FieldParameters: Sendable, Equatable {
    /// What stands before the first `;`, in lower case.
    package var value: String
    /// Names in lower case, in the order sent.
    package var parameters: [(name: String, value: String)]

    package static func == (left: FieldParameters, right: FieldParameters) -> Bool {
        left.value == right.value && left.parameters.elementsEqual(right.parameters, by: ==)
    }

    /// More parameters than any field has; each is looked up among those before it.
    private static let most = 32

    /// `nil` when the text is malformed, a parameter is there twice among them, or there are more than 32.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var index = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = String(decoding: ASCII.trimmed(bytes[..<index]).map(ASCII.lowercased), as: UTF8.self)
        parameters = []
        guard !value.isEmpty else { return nil }

        func skipSpace() {
            while index < bytes.count, bytes[index] == ASCII.space || bytes[index] == ASCII.tab { index += 1 }
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: ";") else { return nil }
            index += 1
            skipSpace()
            if index == bytes.count || bytes[index] == UInt8(ascii: ";") { continue }
            let start = index
            while index < bytes.count, ASCII.isToken(bytes[index]) { index += 1 }
            let name = String(decoding: bytes[start..<index].map(ASCII.lowercased), as: UTF8.self)
            guard !name.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: "="), parameters.count < Self.most, self[name] == nil
            else { return nil }
            index += 1
            var content: [UInt8] = []
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    // Browsers send backslashes of file names as they are; only those before a quote or a backslash are escapes.
                    if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
                        bytes[index + 1] == UInt8(ascii: "\"") || bytes[index + 1] == UInt8(ascii: "\\")
                    {
                        index += 1
                    }
                    content.append(bytes[index])
                    index += 1
                }
                guard index < bytes.count else { return nil }
                index += 1
            } else {
                while index < bytes.count, bytes[index] != UInt8(ascii: ";"), bytes[index] > ASCII.space {
                    content.append(bytes[index])
                    index += 1
                }
            }
            guard let value = String(validating: content, as: UTF8.self) else { return nil }
            parameters.append((name, value))
            skipSpace()
        }
    }

    /// A parameter's value.
    package subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }
}
