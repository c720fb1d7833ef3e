import Glibc

/// Finds bytes with the C library's vector code.
enum ByteSearch {
    /// The first index at or after `start` with this byte, or `nil`.
    static func first(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(byte), buffer.count - start) else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// The first index at or after `start` where `pattern` stands, or `nil`.
    ///
    /// - Precondition: the pattern's first byte occurs in it once, so that the search is linear whatever the bytes are.
    static func first(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let lead = pattern.first else { return nil }
        var position = start
        while let found = first(lead, in: bytes, from: position) {
            guard bytes.count - found >= pattern.count else { return nil }
            var matched = 1
            while matched < pattern.count, bytes[found + matched] == pattern[matched] { matched += 1 }
            if matched == pattern.count { return found }
            position = found + matched
        }
        return nil
    }
}
