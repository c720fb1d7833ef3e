@testable import FoveaHTTP

/// A query must be read as the rule says, byte by byte.
enum QueryFuzz {
    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let query = try? Query(parsing: text)
        let expected = items(Array(text.utf8))
        precondition(query?.items == expected, "\(String(describing: query?.items)) instead of \(String(describing: expected))")
    }

    /// `nil` where a name or a value cannot be decoded.
    private static func items(_ bytes: [UInt8]) -> [Query.Item]? {
        var items: [Query.Item] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map(decode)
            guard let name = decoded[0] else { return nil }
            if decoded.count == 1 {
                items.append(Query.Item(name: name, value: ""))
            } else {
                guard let value = decoded[1] else { return nil }
                items.append(Query.Item(name: name, value: value))
            }
        }
        return items
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var out: [UInt8] = []
        var place = bytes.startIndex
        while place < bytes.endIndex {
            var byte = bytes[place]
            if byte == UInt8(ascii: "%") {
                guard place + 2 < bytes.endIndex, let value = hexadecimal(bytes[place + 1], bytes[place + 2]) else { return nil }
                byte = value
                place += 2
            } else if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            if byte == 0 { return nil }
            out.append(byte)
            place += 1
        }
        return String(validating: out, as: UTF8.self)
    }

    private static func hexadecimal(_ high: UInt8, _ low: UInt8) -> UInt8? {
        let digits = Array("0123456789abcdef".utf8)
        guard let high = digits.firstIndex(of: lower(high)), let low = digits.firstIndex(of: lower(low)) else { return nil }
        return UInt8(high * 16 + low)
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte) ? byte + 32 : byte
    }
}
