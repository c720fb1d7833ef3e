/// Takes the chunked transfer coding off a body (RFC 9112, 7.1).
struct ChunkedDecoder: Sendable {
    enum Event {
        case more
        case data(ArraySlice<UInt8>)
        case end
    }

    private enum State {
        case size
        case data(Int)
        case dataEnd
        case trailers
    }

    private let limits: HTTPLimits
    private var state = State.size
    private var scanner = LineScanner()
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Takes bytes off the front of `input` up to the next piece of data.
    ///
    /// - Parameter allowance: the most bytes of data that may still come; a chunk that announces more is refused before it is read.
    mutating func next(_ input: inout ArraySlice<UInt8>, allowance: Int) throws(Problem) -> Event {
        while true {
            switch state {
            case .data(let left):
                if input.isEmpty { return .more }
                let piece = input.prefix(left)
                input = input.dropFirst(piece.count)
                state = piece.count == left ? .dataEnd : .data(left - piece.count)
                return .data(piece)
            case .size:
                guard let line = try line(&input, limit: Self.sizeLineLimit, what: "chunk size") else { return .more }
                let size = try size(line)
                guard size <= allowance else {
                    throw Problem(
                        .contentTooLarge,
                        "The body is larger than what is taken here: a chunk of \(size) bytes exceeds the rest of \(allowance).")
                }
                state = size == 0 ? .trailers : .data(size)
            case .dataEnd:
                guard let line = try line(&input, limit: 0, what: "end of a chunk") else { return .more }
                guard line.isEmpty else { throw Problem(.badRequest, "A chunk is longer than its size says (RFC 9112, 7.1).") }
                state = .size
            case .trailers:
                guard let line = try line(&input, limit: limits.headerBlock, what: "trailer") else { return .more }
                if line.isEmpty { return .end }
                trailerBytes += line.count + 2
                trailerCount += 1
                guard trailerBytes <= limits.headerBlock, trailerCount <= limits.fieldCount else {
                    throw Problem(.requestHeaderFieldsTooLarge, "The trailers are larger than \(limits.headerBlock) bytes.")
                }
                // They are checked and dropped: nothing here needs one, and merging them into the head is unsafe (RFC 9110, 6.5.1).
                _ = try FieldLine(parsing: line)
            }
        }
    }

    /// 16 digits and an extension.
    private static let sizeLineLimit = 1_024
    /// Of all chunks of a body together: one-byte chunks with long extensions would else cost a thousandfold of what they carry.
    private static let extensionLimit = 16_384

    private mutating func line(_ input: inout ArraySlice<UInt8>, limit: Int, what: String) throws(Problem) -> [UInt8]? {
        switch scanner.scan(&input, limit: limit) {
        case .more: return nil
        case .line(let line): return line
        case .invalid(let reason): throw Problem(.badRequest, "The \(what) holds \(reason) (RFC 9112, 7.1).")
        case .tooLong:
            if case .trailers = state { throw Problem(.requestHeaderFieldsTooLarge, "The trailers are larger than \(limit) bytes.") }
            throw Problem(.badRequest, "The line of the \(what) is too long (RFC 9112, 7.1).")
        }
    }

    private mutating func size(_ line: [UInt8]) throws(Problem) -> Int {
        var size = 0
        var digits = 0
        for byte in line {
            guard let value = ASCII.hexValue(byte) else { break }
            digits += 1
            // 15 hexadecimal digits always fit a signed 64-bit number; leading zeros do not lengthen this (RFC 9112, 7.1).
            guard digits <= 15 else { throw Problem(.badRequest, "A chunk's size has more than 15 digits (RFC 9112, 7.1).") }
            size = size << 4 | Int(value)
        }
        guard digits > 0 else { throw Problem(.badRequest, "A chunk's size is not a hexadecimal number (RFC 9112, 7.1).") }
        let rest = line[digits...]
        if !rest.isEmpty {
            guard ChunkExtensions.areValid(rest) else {
                throw Problem(.badRequest, "A chunk's size is followed by something that is no extension (RFC 9112, 7.1.1).")
            }
            extensionBytes += rest.count
            guard extensionBytes <= Self.extensionLimit else {
                throw Problem(.badRequest, "The chunk extensions are larger than \(Self.extensionLimit) bytes (RFC 9112, 7.1.1).")
            }
        }
        return size
    }
}
