import CFoveaTLS
import Glibc

/// The bearer tokens of a file: one a line, empty lines and lines that start with `#` left out.
///
/// Only the tokens' SHA-256 digests are kept. They are compared in constant time and all of them, so that the time of an answer tells neither
/// how much of a guess was right nor how long a token is.
public struct TokenFile: Sendable {
    /// What is wrong with a file. It never quotes the file's text.
    public struct Unusable: Error, Sendable, CustomStringConvertible {
        /// Which file, which line, and what to do.
        public var description: String
    }

    private let digests: [[UInt8]]

    /// Reads a file.
    ///
    /// - Throws: ``Unusable`` where the file cannot be read, is neither a regular file nor a link to one, is larger than 1 MiB, holds no
    ///   token, or a line is no token (RFC 6750, 2.1).
    public init(path: String) throws(Unusable) {
        func unusable(_ what: String) -> Unusable { Unusable(description: "The token file '\(path)' \(what)") }
        let bytes: [UInt8]
        switch Self.contents(path) {
        case .success(let read): bytes = read
        case .failure(let reason): throw unusable("cannot be used: \(reason.description)")
        }
        var digests: [[UInt8]] = []
        for (index, line) in bytes.split(separator: ASCII.lf, omittingEmptySubsequences: false).enumerated() {
            let text = ASCII.trimmed(line.last == ASCII.cr ? line.dropLast() : line)
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            guard BearerToken.isToken(text) else {
                throw unusable("holds no token in line \(index + 1): letters, digits and -._~+/ make one, with '=' at its end.")
            }
            guard let digest = Self.digest(text) else { throw unusable("cannot be used: OpenSSL has no SHA-256.") }
            digests.append(digest)
        }
        guard !digests.isEmpty else { throw unusable("holds no token; write one a line.") }
        self.digests = digests
    }

    /// Whether a token is one of the file's.
    public func contains(_ token: BearerToken) -> Bool {
        guard let digest = Self.digest(token.bytes[...]) else { return false }
        return digests.reduce(false) { found, known in fovea_equals(known, digest, known.count) == 1 || found }
    }

    private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: FOVEA_SHA256_SIZE)
        let isDone = bytes.withUnsafeBufferPointer { fovea_sha256($0.baseAddress, $0.count, &digest) }
        return isDone == 1 ? digest : nil
    }

    private static let largest = 1 << 20

    private static func contents(_ path: String) -> Result<[UInt8], Unusable> {
        // O_NONBLOCK: opening a pipe must not wait for a writer. It means nothing for the regular files that pass below.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(Unusable(description: Socket.message(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .failure(Unusable(description: "it is not a regular file"))
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= largest {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return .success(bytes) }
            if count > 0 {
                bytes.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                return .failure(Unusable(description: Socket.message(errno)))
            }
        }
        return .failure(Unusable(description: "it is larger than \(largest) bytes"))
    }
}
