import HTTPTypes

/// Reads requests out of bytes, however these are split. A value without I/O; after a failure it reads nothing more.
package struct RequestParser: Sendable {
    package enum Event {
        /// The input ran out.
        case more
        /// A head. Say `readBody` before the next call.
        case head(RequestHead)
        /// The whole body; the next request may follow.
        case body([UInt8])
        /// The request is not to be read on; the connection must be closed after the answer.
        case failure(Problem)
    }

    private enum State {
        case requestLine
        case fields
        case decision(BodyFraming)
        case length(Int)
        case chunked(ChunkedDecoder)
        case failed
    }

    private let limits: HTTPLimits
    private var state = State.requestLine
    private var scanner = LineScanner()
    private var emptyLines = 0
    private var fieldBytes = 0
    private var fieldCount = 0
    private var bodyLimit = 0
    private var keepsBody = true
    private var body: [UInt8] = []

    /// What is known of the present request's head.
    private(set) var builder = RequestHeadBuilder()
    /// Body bytes of the present request, so far.
    package private(set) var bodyCount = 0

    /// Memory held for the body, in bytes.
    package var bodyCapacity: Int { body.capacity }

    package init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Whether no byte of a request was taken since the last one; empty lines before it are none.
    @inline(__always)
    package var isIdle: Bool {
        if case .requestLine = state { return scanner.isEmpty }
        return false
    }

    /// Whether a body is being read.
    package var isInBody: Bool {
        switch state {
        case .decision, .length, .chunked: true
        default: false
        }
    }

    /// Says what to do with the body of the head that was just handed out.
    ///
    /// - Parameters:
    ///   - limit: the most bytes; more fails with 413.
    ///   - keeping: whether the bytes are wanted, or only to be skipped.
    package mutating func readBody(limit: Int, keeping: Bool) {
        guard case .decision(let framing) = state else { return }
        bodyLimit = limit
        keepsBody = keeping
        switch framing {
        case .none: state = .length(0)
        case .length(let count):
            state = .length(count)
            if keeping { body.reserveCapacity(min(count, 65_536)) }
        case .chunked: state = .chunked(ChunkedDecoder(limits: limits))
        }
    }

    /// How many of the next `count` bytes may be the body's, with its framing.
    func mostBodyBytes(of count: Int) -> Int {
        if case .length(let left) = state { min(count, left) } else { count }
    }

    /// How many bytes of the body come next that nobody wants to see; zero where bytes have to be read.
    @inline(__always)
    package var skippable: Int {
        if !keepsBody, case .length(let left) = state, left <= bodyLimit - bodyCount { left } else { 0 }
    }

    /// As `next`, for so many of the `skippable` bytes, which came and were not looked at.
    package mutating func skip(_ count: Int) -> Event {
        guard case .length(let left) = state, count > 0, count <= skippable else { return .more }
        bodyCount += count
        guard count == left else {
            state = .length(left - count)
            return .more
        }
        return finish()
    }

    /// Takes bytes off the front of `input` up to the next event.
    package mutating func next(_ input: inout ArraySlice<UInt8>) -> Event {
        do throws(Problem) {
            return try advance(&input)
        } catch {
            state = .failed
            body = []
            return .failure(error)
        }
    }

    private mutating func advance(_ input: inout ArraySlice<UInt8>) throws(Problem) -> Event {
        while true {
            switch state {
            case .requestLine:
                guard let line = try requestLine(&input) else { return .more }
                // RFC 9112, 2.2: empty lines before a request line are ignored; a few, not a stream of them.
                if line.isEmpty {
                    emptyLines += 1
                    guard emptyLines <= 4 else {
                        throw Problem(.badRequest, "There are empty lines in place of a request (RFC 9112, 2.2).")
                    }
                    continue
                }
                try builder.requestLine(line)
                state = .fields
            case .fields:
                guard let line = try fieldLine(&input) else { return .more }
                if line.isEmpty {
                    let head = try builder.head()
                    state = .decision(head.framing)
                    return .head(head)
                }
                try builder.field(line)
            case .decision, .failed:
                return .more
            case .length(let left):
                if left > bodyLimit - bodyCount {
                    throw Problem(.contentTooLarge, "The body is larger than the \(bodyLimit) bytes that are taken here.")
                }
                let piece = input.prefix(left)
                input = input.dropFirst(piece.count)
                keep(piece, of: left)
                guard piece.count == left else {
                    state = .length(left - piece.count)
                    return .more
                }
                return finish()
            case .chunked(var decoder):
                // The copy in `state` is let go first: two owners would make every call copy the decoder's buffer.
                state = .failed
                let event = try decoder.next(&input, allowance: bodyLimit - bodyCount)
                state = .chunked(decoder)
                switch event {
                case .more: return .more
                case .data(let piece): keep(piece, of: nil)
                case .end: return finish()
                }
            }
        }
    }

    private mutating func keep(_ piece: ArraySlice<UInt8>, of announced: Int?) {
        bodyCount += piece.count
        guard keepsBody, !piece.isEmpty else { return }
        // An announced length is believed by degrees, so that a promise of many bytes costs no memory before they come.
        if let announced, body.count + piece.count > body.capacity {
            body.reserveCapacity(min(body.count + announced, max(65_536, 4 * (body.count + piece.count))))
        }
        body.append(contentsOf: piece)
    }

    private mutating func finish() -> Event {
        let whole = body
        body = []
        state = .requestLine
        scanner = LineScanner()
        builder = RequestHeadBuilder()
        emptyLines = 0
        fieldBytes = 0
        fieldCount = 0
        bodyCount = 0
        return .body(whole)
    }

    private mutating func requestLine(_ input: inout ArraySlice<UInt8>) throws(Problem) -> [UInt8]? {
        switch scanner.scan(&input, limit: limits.requestLine) {
        case .more: return nil
        case .line(let line): return line
        case .invalid(let reason): throw Problem(.badRequest, "The request line holds \(reason) (RFC 9112, 2.2).")
        case .tooLong(let beginning):
            builder.refuse(beginning[...])
            throw Problem(.uriTooLong, "The request line is longer than \(limits.requestLine) bytes (RFC 9112, 3).")
        }
    }

    private mutating func fieldLine(_ input: inout ArraySlice<UInt8>) throws(Problem) -> [UInt8]? {
        let outcome = scanner.scan(&input, limit: limits.headerBlock - fieldBytes)
        switch outcome {
        case .more: return nil
        case .invalid(let reason): throw Problem(.badRequest, "A header line holds \(reason) (RFC 9112, 2.2).")
        case .tooLong: throw headerTooLarge
        case .line(let line):
            if line.isEmpty { return line }
            fieldBytes += line.count + 2
            fieldCount += 1
            guard fieldBytes <= limits.headerBlock, fieldCount <= limits.fieldCount else { throw headerTooLarge }
            return line
        }
    }

    private var headerTooLarge: Problem {
        Problem(
            .requestHeaderFieldsTooLarge,
            "The header is larger than \(limits.headerBlock) bytes or \(limits.fieldCount) lines (RFC 6585, 5).")
    }
}
