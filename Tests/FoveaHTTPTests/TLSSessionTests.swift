import FoveaHTTPTesting
import Testing

@testable import FoveaHTTP

/// TLS without a socket.
@Suite(.enabled(if: Command.exists("openssl"), "needs the openssl program"))
struct TLSSessionTests {
    /// A server's end and a client's, whose handshake is over.
    private func connected() async throws -> (session: TLSSession, client: TLSClient) {
        let (session, client) = (try await makeSession(), try TLSClient())
        for _ in 0..<10 {
            let isDone = try client.shakeHands()
            #expect(session.feed(client.takeOutput()[...]))
            guard case .more = read(session).outcome else { break }
            client.feed(session.takeOutput())
            if isDone, session.isEstablished { return (session, client) }
        }
        throw TestError("the handshake does not end")
    }

    private func makeSession() async throws -> TLSSession {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        let context = try withExtendedLifetime(certificates) { try TLSContext(certificates.configuration("a")) }
        return try #require(context.makeSession())
    }

    private func read(_ session: TLSSession) -> (outcome: TLSSession.ReadOutcome, bytes: [UInt8]) {
        var plain = [UInt8](repeating: 0, count: 16_384)
        let outcome = session.read(into: &plain)
        if case .bytes(let count) = outcome { return (outcome, Array(plain[..<count])) }
        return (outcome, [])
    }

    private func isMore(_ outcome: TLSSession.ReadOutcome) -> Bool {
        if case .more = outcome { true } else { false }
    }

    /// Why reading failed; `nil` when it did not.
    private func reason(_ outcome: TLSSession.ReadOutcome) -> String? {
        if case .failed(let reason) = outcome { reason } else { nil }
    }

    @Test func aFloodOfKeyUpdatesFailsAtItsStart() async throws {
        let (session, client) = try await connected()
        try client.updateKeys(2_000)
        #expect(session.feed(client.takeOutput()[...]))
        #expect(reason(read(session).outcome) == "too many key updates or renegotiations")
        // One answer of 27 bytes for each of those that were taken.
        #expect(session.takeOutput().count <= 33 * 27)
        #expect(reason(read(session).outcome) != nil)
    }

    @Test func aByteBetweenThemBuysNoKeyUpdates() async throws {
        let (session, client) = try await connected()
        try client.updateKeys(20)
        try client.write([7])
        try client.updateKeys(20)
        #expect(session.feed(client.takeOutput()[...]))
        #expect(read(session).bytes == [7])
        #expect(reason(read(session).outcome) != nil)
    }

    @Test func aRecordOfDataAndAnAnswerBuyKeyUpdates() async throws {
        let (session, client) = try await connected()
        let record = [UInt8](repeating: 7, count: 16_384)
        for _ in 0..<3 {
            try client.updateKeys(32)
            try client.write(record)
            #expect(session.feed(client.takeOutput()[...]))
            #expect(read(session).bytes == record)
            try client.updateKeys(32)
            #expect(session.feed(client.takeOutput()[...]))
            #expect(isMore(read(session).outcome))
            #expect(session.write(Array("answer".utf8)[...]))
            client.feed(session.takeOutput())
            #expect(try client.read() == Array("answer".utf8))
        }
    }

    @Test func whatIsNotTLSIsToldFromTheClientsEnd() async throws {
        let stranger = try await makeSession()
        #expect(stranger.feed(Array("GET / HTTP/1.1\r\n\r\n".utf8)[...]))
        #expect(reason(read(stranger).outcome) == "http request" && !stranger.isEstablished)
        let (session, client) = try await connected()
        try client.end()
        #expect(session.feed(client.takeOutput()[...]))
        guard case .end = read(session).outcome else { throw TestError("no end") }
        session.end()
        client.feed(session.takeOutput())
        #expect(try client.read() == nil)
        session.end()
        #expect(session.takeOutput().isEmpty)
    }
}
