import Foundation
import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Testing

/// TLS against the clients that others wrote.
@Suite(.enabled(if: Command.exists("openssl") && Command.exists("curl"), "needs the openssl and curl programs"))
struct TLSTests {
    private func withServer(
        _ tls: TLSConfiguration, limits: HTTPLimits = .patient, log: LogRecorder? = nil, _ body: (HTTPServer, Int) async throws -> Void
    ) async throws {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.tls = tls
        configuration.limits = limits
        if let log { configuration.logger = log.logger }
        let handler = ClosureHandler { request in
            request.body.isEmpty ? ServerResponse(text: "hello") : ServerResponse(status: .ok, body: request.body)
        }
        let server = HTTPServer(configuration: configuration, handler: handler)
        let port = try server.start()
        do {
            try await body(server, port)
        } catch {
            await server.shutdown(timeout: .milliseconds(100))
            throw error
        }
        await server.shutdown(timeout: .milliseconds(500))
    }

    private func curl(_ port: Int, _ certificates: TestCertificates, _ more: String...) async throws -> Command.Result {
        try await Command.run("curl", ["-sS", "--cacert", certificates.path("a.pem")] + more + ["https://localhost:\(port)/"])
    }

    private func probe(_ port: Int, _ more: String...) async throws -> Command.Result {
        try await Command.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"] + more)
    }

    @Test func curlIsServedInBothVersions() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        // Larger than a record, than a read and than a socket's buffer.
        let body = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
        try body.write(to: URL(fileURLWithPath: certificates.path("body")))
        try await withServer(certificates.configuration("a")) { _, port in
            #expect(try await curl(port, certificates, "--tlsv1.3").output == "hello")
            #expect(try await curl(port, certificates, "--tlsv1.2", "--tls-max", "1.2").output == "hello")
            let echo = try await curl(
                port, certificates, "--data-binary", "@\(certificates.path("body"))", "-o", certificates.path("echo"), "-w",
                "%{http_version}")
            #expect(echo.output == "1.1")
            #expect(try Data(contentsOf: URL(fileURLWithPath: certificates.path("echo"))) == body)
            // Two requests on one connection.
            let twice = try await curl(port, certificates, "-w", "%{num_connects}", "https://localhost:\(port)/again")
            #expect(twice.output == "hello1hello0")
            let stranger = try await Command.run("curl", ["-sS", "https://localhost:\(port)/"])
            #expect(stranger.status == 60)
        }
    }

    @Test func protocolsAreNegotiated() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await withServer(certificates.configuration("a")) { _, port in
            #expect(try await probe(port, "-alpn", "h2,http/1.1").output.contains("ALPN protocol: http/1.1"))
            #expect(try await probe(port, "-alpn", "h2").output.contains("no application protocol"))
            #expect(try await probe(port, "-tls1_3").output.contains("TLSv1.3"))
            #expect(try await probe(port, "-tls1_2").output.contains("TLSv1.2"))
            let old = try await probe(port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
            #expect(old.status != 0)
        }
    }

    @Test func stalledHandshakesBlockNobodyAndTimeOut() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        var limits = HTTPLimits.patient
        limits.headerTimeout = .seconds(1)
        try await withServer(certificates.configuration("a"), limits: limits) { server, port in
            var stalled: [SocketStream] = []
            for _ in 0..<20 {
                let stream = try SocketStream(port: port)
                // The start of a ClientHello.
                try await stream.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
                stalled.append(stream)
            }
            #expect(try await curl(port, certificates).output == "hello")
            for stream in stalled { #expect(try await stream.receive().isEmpty) }
        }
    }

    @Test func whatIsNotTLSIsRefused() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await withServer(certificates.configuration("a")) { _, port in
            let plain = try SocketStream(port: port)
            try await plain.send(Array("GET / HTTP/1.1\r\nHost: t\r\n\r\n".utf8))
            // An alert record at most, and never an answer in the clear.
            let answer = try await plain.receive()
            #expect(!String(decoding: answer, as: UTF8.self).contains("HTTP"))
            #expect(try await curl(port, certificates).output == "hello")
        }
    }

    /// RFC 8446, 6.1, and RFC 9112, 9.8: else a client cannot tell the end from an attacker's cut.
    @Test(arguments: ["close_notify", "half close", "idle"]) func everyEndIsTold(_ cause: String) async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        var limits = HTTPLimits.patient
        if cause == "idle" { limits.idleTimeout = .milliseconds(300) }
        try await withServer(certificates.configuration("a"), limits: limits) { _, port in
            let stream = try await TLSStream(port: port)
            let connection = TestConnection(stream: stream)
            try await connection.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try await connection.response()?.text == "hello")
            #expect(await !stream.isEnded)
            switch cause {
            case "close_notify": try await stream.sayEnd()
            case "half close": await stream.endSending()
            default: break
            }
            #expect(try await connection.response() == nil)
            #expect(await stream.isEnded)
        }
    }

    @Test func keysAreRenewedBetweenRequestsAndNoFloodOfThatIsServed() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        let log = LogRecorder()
        try await withServer(certificates.configuration("a"), log: log) { server, port in
            let (stream, flood) = (try await TLSStream(port: port), try await TLSStream(port: port))
            let polite = TestConnection(stream: stream)
            for _ in 0..<3 {
                try await stream.updateKeys(32)
                try await polite.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(try await polite.response()?.text == "hello")
            }
            // The server may have closed amid the sending.
            try? await flood.updateKeys(20_000)
            let told = try await log.metadata(of: "A TLS connection failed.", count: 1)
            #expect(told.map { $0["reason"] } == ["too many key updates or renegotiations"])
            try await polite.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try await polite.response()?.text == "hello")
            #expect(server.handshakeFailureCount == 0)
        }
    }

    @Test func handshakesThatFailAreToldAndCounted() async throws {
        let certificates = try TestCertificates()
        for name in ["a", "client", "other"] { try await certificates.make(name) }
        let log = LogRecorder()
        try await withServer(certificates.configuration("a", clientCA: "client"), log: log) { server, port in
            func reason(_ count: Int) async throws -> String? {
                let told = try await log.metadata(of: "A TLS handshake failed.", count: count)
                #expect(told.count == count && server.handshakeFailureCount == count)
                #expect(told.allSatisfy { $0["remote"]?.hasPrefix("127.0.0.1:") == true })
                return told.last?["reason"]
            }
            let plain = try SocketStream(port: port)
            try await plain.send(Array("GET / HTTP/1.1\r\nHost: t\r\n\r\n".utf8))
            #expect(try await reason(1) == "http request")
            _ = try await probe(port, "-tls1_2", "-cipher", "AES128-SHA")
            #expect(try await reason(2) == "no shared cipher")
            _ = try await curl(port, certificates)
            #expect(try await reason(3) == "peer did not return a certificate")
            _ = try await curl(port, certificates, "--cert", certificates.path("other.pem"), "--key", certificates.path("other.key"))
            #expect(try await reason(4)?.hasPrefix("certificate verify failed: ") == true)
            // Who does not know the server's certificate says so.
            _ = try await Command.run("curl", ["-sS", "https://127.0.0.1:\(port)/"])
            #expect(try await reason(5)?.contains("unknown ca") == true)
            let shown = try await curl(
                port, certificates, "--cert", certificates.path("client.pem"), "--key", certificates.path("client.key"))
            #expect(shown.output == "hello")
            #expect(server.handshakeFailureCount == 5)
        }
    }

    @Test func filesAreReadAgain() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await certificates.make("b")
        let used = certificates.path("used")
        func use(_ name: String) throws {
            for kind in ["pem", "key"] {
                try Data(contentsOf: URL(fileURLWithPath: certificates.path("\(name).\(kind)"))).write(
                    to: URL(fileURLWithPath: "\(used).\(kind)"))
            }
        }
        try use("a")
        try await withServer(certificates.configuration("used")) { server, port in
            #expect(try await probe(port).output.contains("CN = a"))
            try use("b")
            try server.reloadTLS()
            #expect(try await probe(port).output.contains("CN = b"))
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: "\(used).pem"))
            #expect(throws: HTTPServerStartError.self) { try server.reloadTLS() }
            #expect(try await probe(port).output.contains("CN = b"))
        }
    }

    @Test func aPipeInPlaceOfAFileHoldsNobodyUp() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await certificates.make("b")
        try await withServer(certificates.configuration("b", clientCA: "a")) { server, _ in
            for name in ["b.pem", "b.key", "a.pem"] {
                let (path, kept) = (certificates.path(name), certificates.path("kept"))
                try FileManager.default.moveItem(atPath: path, toPath: kept)
                #expect(mkfifo(path, 0o600) == 0)
                let error = try #require(throws: HTTPServerStartError.self) { try server.reloadTLS() }
                #expect(error.description.contains("'\(path)' is not a regular file"))
                try FileManager.default.removeItem(atPath: path)
                // As Kubernetes mounts secrets.
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: kept)
                try server.reloadTLS()
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.moveItem(atPath: kept, toPath: path)
            }
        }
    }

    @Test func clientsCanBeMadeToShowACertificate() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await certificates.make("client")
        try await certificates.make("other")
        try await withServer(certificates.configuration("a", clientCA: "client")) { _, port in
            #expect(try await curl(port, certificates).status != 0)
            let shown = try await curl(
                port, certificates, "--cert", certificates.path("client.pem"), "--key", certificates.path("client.key"))
            #expect(shown.output == "hello")
            let wrong = try await curl(
                port, certificates, "--cert", certificates.path("other.pem"), "--key", certificates.path("other.key"))
            #expect(wrong.status != 0)
        }
    }

    @Test func wrongFilesAreNamed() async throws {
        let certificates = try TestCertificates()
        try await certificates.make("a")
        try await certificates.make("b")
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: certificates.path("text.pem")))
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: certificates.path("text.key")))
        let both =
            try Data(contentsOf: URL(fileURLWithPath: certificates.path("a.pem")))
            + Data(contentsOf: URL(fileURLWithPath: certificates.path("b.pem")))
        try both.write(to: URL(fileURLWithPath: certificates.path("both.pem")))
        let encrypted = try await Command.run(
            "openssl",
            ["ec", "-in", certificates.path("a.key"), "-aes256", "-passout", "pass:secret", "-out", certificates.path("locked.key")])
        #expect(encrypted.status == 0)

        func reason(_ tls: TLSConfiguration) -> String {
            var configuration = HTTPServerConfiguration()
            configuration.port = 0
            configuration.tls = tls
            do {
                _ = try HTTPServer(configuration: configuration, handler: EchoHandler()).start()
                return "started"
            } catch {
                return error.description
            }
        }
        #expect(reason(certificates.configuration("missing")).contains("missing.pem': No such file"))
        #expect(reason(certificates.configuration("a", key: "missing")).contains("missing.key': No such file"))
        #expect(reason(certificates.configuration("text", key: "a")).contains("text.pem"))
        #expect(reason(certificates.configuration("a", key: "text")).contains("text.key"))
        #expect(reason(certificates.configuration("a", key: "locked")).contains("without a passphrase"))
        #expect(reason(certificates.configuration("a", key: "b")).contains("does not belong to the certificate"))
        #expect(reason(certificates.configuration("both", key: "a")).contains("not a chain"))
        #expect(reason(certificates.configuration("a", clientCA: "missing")).contains("missing.pem"))
    }
}
