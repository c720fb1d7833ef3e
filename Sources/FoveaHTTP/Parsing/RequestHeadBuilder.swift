import FoveaSystem
import HTTPTypes

/// Gathers a request line and field lines, and decides what they mean together.
struct RequestHeadBuilder: Sendable {
    private var method = HTTPRequest.Method.get
    private var target: RequestTarget?
    /// The target of a request line that was refused, as far as it can be told.
    private var refusedTarget: String?
    private var isHTTP10 = false
    private var fields = HTTPFields()
    private var hosts: [ArraySlice<UInt8>] = []
    private var lengths: [ArraySlice<UInt8>] = []
    private var codings: [ArraySlice<UInt8>] = []

    /// The method, once the request line was understood.
    var knownMethod: HTTPRequest.Method? { target == nil ? nil : method }
    /// The path and query; of a request line that was refused its target's first bytes, for the log, and since a path's errors may have a form of their own.
    var knownPath: String? { target?.path ?? refusedTarget }
    /// The request's own id, as far as the fields are known.
    var requestID: String? {
        let values = fields[values: .requestID]
        guard values.count == 1, let id = values.first, (1...128).contains(id.utf8.count), id.utf8.allSatisfy(ASCII.isToken) else {
            return nil
        }
        return id
    }

    /// Reads `method SP target SP HTTP/x.y` (RFC 9112, 3): one space each, nothing else.
    ///
    /// - Throws: 400; 501 for CONNECT and absurd methods; 505 for another major version, HTTP/2's preface among them.
    mutating func requestLine(_ line: [UInt8]) throws(Problem) {
        do throws(Problem) {
            try read(line)
        } catch {
            refuse(line[...])
            throw error
        }
    }

    /// Keeps what a line that is no request line, or its beginning, asked for.
    mutating func refuse(_ line: ArraySlice<UInt8>) {
        guard let space = line.firstIndex(of: ASCII.space) else { return }
        let target = line[(space + 1)...].prefix { $0 > ASCII.space && $0 < 0x7f }.prefix(256)
        if target.first == UInt8(ascii: "/") { refusedTarget = String(decoding: target, as: UTF8.self) }
    }

    private mutating func read(_ line: [UInt8]) throws(Problem) {
        guard let first = line.firstIndex(of: ASCII.space), let last = line.lastIndex(of: ASCII.space), first < last else {
            throw Problem(.badRequest, "The request line is not 'method target HTTP/1.1' (RFC 9112, 3).")
        }
        let name = line[..<first]
        guard !name.isEmpty, name.allSatisfy(ASCII.isToken) else {
            throw Problem(.badRequest, "The method is not a token (RFC 9110, 9.1).")
        }
        guard name.count <= 32, let method = HTTPRequest.Method(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw Problem(.notImplemented, "The method is longer than any that is known (RFC 9112, 3).")
        }
        let version = line[(last + 1)...]
        guard version.count == 8, version.starts(with: "HTTP/".utf8), ASCII.isDigit(line[last + 6]),
            line[last + 7] == UInt8(ascii: "."), ASCII.isDigit(line[last + 8])
        else {
            throw Problem(.badRequest, "The request line does not end in 'HTTP/1.1' (RFC 9112, 2.3).")
        }
        guard line[last + 6] == UInt8(ascii: "1") else {
            throw Problem(.httpVersionNotSupported, "This server speaks HTTP/1.1 (RFC 9110, 15.6.6).")
        }
        // RFC 9110, 2.5: a higher minor version is read as the highest one known.
        isHTTP10 = line[last + 8] == UInt8(ascii: "0")
        let raw = line[(first + 1)..<last]
        guard !raw.isEmpty, !raw.contains(where: { $0 <= ASCII.space || $0 >= 0x7f }) else {
            throw Problem(
                .badRequest, "The request target is empty or holds white space or bytes that must be percent-encoded (RFC 9112, 3.2).")
        }
        target = try RequestTarget(parsing: raw, method: method)
        self.method = method
        if method == .connect {
            throw Problem(.notImplemented, "This server is no proxy: it does not implement CONNECT (RFC 9110, 9.3.6).")
        }
    }

    /// Takes a field line.
    mutating func field(_ line: [UInt8]) throws(Problem) {
        let field = try FieldLine(parsing: line)
        switch field.name {
        case .host:
            hosts.append(field.value)
            return
        case .contentLength: lengths.append(field.value)
        case .transferEncoding: codings.append(field.value)
        default: break
        }
        fields.append(HTTPField(name: field.name, value: field.value))
    }

    /// The head, once its empty line was read.
    ///
    /// - Throws: 400 for contradicting or malformed framing and hosts, 413 for a length beyond all numbers, 417, 501.
    func head() throws(Problem) -> RequestHead {
        guard let target else { throw Problem(.badRequest, "There is no request line.") }
        try checkHosts()
        let authority = target.authority ?? hosts.first.map { String(decoding: $0, as: UTF8.self) }
        let framing = try framing()
        var request = HTTPRequest(method: method, scheme: nil, authority: authority, path: target.path)
        request.headerFields = fields

        let options = fields[values: .connection].flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
            .map { ASCII.trimmed(ArraySlice($0)) }
        let close = options.contains { ASCII.equalsIgnoringCase($0, "close") }
        let keepAlive = options.contains { ASCII.equalsIgnoringCase($0, "keep-alive") }

        var expectsContinue = false
        // RFC 9110, 10.1.1: expectations of an HTTP/1.0 client are ignored.
        if !isHTTP10 {
            for value in fields[values: .expect] {
                guard ASCII.equalsIgnoringCase(value.utf8, "100-continue") else {
                    throw Problem(.expectationFailed, "The only expectation that is known is '100-continue' (RFC 9110, 10.1.1).")
                }
                expectsContinue = true
            }
        }
        return RequestHead(
            request: request, isHTTP10: isHTTP10, framing: framing, keepAlive: isHTTP10 ? keepAlive && !close : !close,
            expectsContinue: expectsContinue, requestID: requestID)
    }

    /// RFC 9112, 3.2: exactly one valid Host in HTTP/1.1, at most one before.
    private func checkHosts() throws(Problem) {
        guard hosts.count <= 1 else { throw Problem(.badRequest, "There are \(hosts.count) Host lines (RFC 9112, 3.2).") }
        guard let host = hosts.first else {
            if isHTTP10 { return }
            throw Problem(.badRequest, "There is no Host line (RFC 9112, 3.2).")
        }
        guard host.isEmpty || RequestTarget.isAuthority(host) else {
            throw Problem(.badRequest, "The Host line is not 'host' or 'host:port' (RFC 9112, 3.2).")
        }
    }

    /// RFC 9112, 6.1 to 6.3, without any of the leniencies that it allows.
    private func framing() throws(Problem) -> BodyFraming {
        if !codings.isEmpty {
            guard lengths.isEmpty else {
                throw Problem(.badRequest, "There are both Content-Length and Transfer-Encoding (RFC 9112, 6.3).")
            }
            guard !isHTTP10 else { throw Problem(.badRequest, "HTTP/1.0 has no Transfer-Encoding (RFC 9112, 6.1).") }
            let list = codings.flatMap { $0.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) }.map {
                ASCII.trimmed($0)
            }
            let isChunked = list.map { ASCII.equalsIgnoringCase($0, "chunked") }
            guard isChunked.last == true else {
                throw Problem(.badRequest, "The last transfer coding is not 'chunked', so the body has no end (RFC 9112, 6.3).")
            }
            guard isChunked.count(where: { $0 }) == 1 else {
                throw Problem(.badRequest, "The chunked coding was applied more than once (RFC 9112, 6.1).")
            }
            guard isChunked.count == 1 else {
                throw Problem(.notImplemented, "The only transfer coding that is known is 'chunked' (RFC 9112, 6.1).")
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1 else {
            throw Problem(.badRequest, "There are \(lengths.count) Content-Length lines (RFC 9112, 6.3).")
        }
        guard !length.isEmpty, length.allSatisfy(ASCII.isDigit) else {
            throw Problem(.badRequest, "The Content-Length is not a number of digits alone (RFC 9110, 8.6).")
        }
        guard let value = Int(digits: length) else {
            throw Problem(.contentTooLarge, "The Content-Length is larger than any body that is taken.")
        }
        return .length(value)
    }
}
