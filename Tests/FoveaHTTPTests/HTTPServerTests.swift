import FoveaHTTP
import FoveaHTTPTesting
import FoveaSystem
import Glibc
import HTTPTypes
import Synchronization
import Testing

/// What only a real socket shows.
@Suite struct HTTPServerTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n"

    private func configuration() -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.limits = .patient
        return configuration
    }

    @Test func largeBodiesGoThroughWhole() async throws {
        let handler = ClosureHandler { request in ServerResponse(status: .ok, body: request.body) }
        try await withTestServer(.socket, handler: handler) { server in
            var body = [UInt8](repeating: 0, count: 6 << 20)
            for index in stride(from: 0, to: body.count, by: 61) { body[index] = UInt8(truncatingIfNeeded: index / 61) }
            let connection = try server.connect()
            let head = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\r\n"
            try await connection.send(Array(head.utf8) + body)
            #expect(try await connection.response()?.body == body)
        }
    }

    /// Counts those of its kind that live.
    private final class Account: Sendable {
        static let count = Atomic<Int>(0)

        init() { Self.count.add(1, ordering: .relaxed) }
        deinit { Self.count.subtract(1, ordering: .relaxed) }

        static func settles(at expected: Int) async -> Bool {
            for _ in 0..<2000 {
                if count.load(ordering: .relaxed) == expected { return true }
                try? await Task.sleep(for: .milliseconds(5))
            }
            return false
        }
    }

    /// The memory of an answer that nobody reads is accounted for as long as it is held.
    @Test func anAccountLivesAsLongAsItsAnswer() async throws {
        let handler = ClosureHandler { _ in
            var response = ServerResponse(status: .ok, body: [UInt8](repeating: 7, count: 32 << 20))
            response.account = Account()
            return response
        }
        try await withTestServer(.socket, handler: handler) { server in
            let (reader, leaver) = (try server.connect(), try server.connect())
            for connection in [reader, leaver] { try await connection.send(Self.get) }
            #expect(await Account.settles(at: 2))
            // Longer than it takes to hand over what the sockets' buffers hold.
            try await Task.sleep(for: .milliseconds(200))
            #expect(Account.count.load(ordering: .relaxed) == 2)
            #expect(try await reader.response()?.body.count == 32 << 20)
            #expect(await Account.settles(at: 1))
            await leaver.stream.reset()
            #expect(await Account.settles(at: 0))
        }
    }

    /// A machine that starves or stops the server stops its clients too.
    @Test func timeInWhichALoopDidNotRunIsNotTheClients() async throws {
        var configuration = configuration()
        configuration.loops = 1
        configuration.limits.headerTimeout = .milliseconds(1_000)
        configuration.observe = { record in if record.path == "/stall" { usleep(1_500_000) } }
        let server = HTTPServer(configuration: configuration, handler: EchoHandler())
        let port = try server.start()
        let silent = TestConnection(stream: try SocketStream(port: port))
        let stalling = TestConnection(stream: try SocketStream(port: port))
        try await stalling.send("GET /stall HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(try await stalling.response()?.status == 200)
        try await Task.sleep(for: .milliseconds(100))
        try await silent.send(Self.get)
        #expect(try await silent.response()?.text == "GET /a ")
        await server.shutdown(timeout: .milliseconds(500))
    }

    /// What the observer, which a loop calls, and a test tell each other.
    private struct Watch {
        var paths: [String] = []
        var mayGoOn = false
    }

    /// Many requests at once, all refused where they are read, are answered a few at a time.
    @Test func pipelinedRefusalsLeaveRoomForOtherConnections() async throws {
        let watch = Mutex(Watch())
        var configuration = configuration()
        configuration.loops = 1
        configuration.observe = { record in
            watch.withLock { $0.paths.append(record.path ?? "") }
            // So that the loop, when it goes on, is told of both others at once, of the flood first.
            if record.path == "/stall" { for _ in 0..<20_000 where !watch.withLock({ $0.mayGoOn }) { usleep(1_000) } }
        }
        let server = HTTPServer(
            configuration: configuration, handler: EchoHandler(admission: { _ in .refuse(ServerResponse(status: .notFound)) }))
        let port = try server.start()
        func connection() async throws -> TestConnection {
            let connection = TestConnection(stream: try SocketStream(port: port))
            try await connection.send(Self.get)
            #expect(try await connection.response()?.status == 404)
            return connection
        }
        let (stalling, flooding, other) = (try await connection(), try await connection(), try await connection())
        try await stalling.send("GET /stall HTTP/1.1\r\nHost: t\r\n\r\n")
        while !watch.withLock({ $0.paths.contains("/stall") }) { try await Task.sleep(for: .milliseconds(1)) }
        try await flooding.send(String(repeating: "GET /flood HTTP/1.1\r\nHost: t\r\n\r\n", count: 200))
        try await other.send("GET /other HTTP/1.1\r\nHost: t\r\n\r\n")
        watch.withLock { $0.mayGoOn = true }
        #expect(try await other.response()?.status == 404)
        let before = watch.withLock { watch in watch.paths.prefix { $0 != "/other" }.count { $0 == "/flood" } }
        #expect(before <= 50, "\(before)")
        for _ in 0..<200 { #expect(try await flooding.response()?.status == 404) }
        #expect(await server.shutdown(timeout: .seconds(60)))
    }

    @Test func aDrainEndsWithinItsTime() async throws {
        let gate = Gate()
        let server = HTTPServer(
            configuration: configuration(),
            handler: ClosureHandler { _ in
                await gate.pass()
                return ServerResponse(text: "late")
            })
        let client = TestConnection(stream: try SocketStream(port: try server.start()))
        try await client.send(Self.get)
        await gate.arrival()
        let start = Instant.now
        #expect(await !server.shutdown(timeout: .milliseconds(2_000)))
        let took = start.duration(to: .now)
        #expect(took > .milliseconds(1_400) && took < .milliseconds(2_000), "\(took)")
        #expect(server.connectionCount == 0)
        await gate.open()
    }

    @Test func anEarlyAnswerIsSeenByAClientThatSendsOn() async throws {
        var limits = HTTPLimits.patient
        limits.body = 1 << 20
        try await withTestServer(.socket, handler: EchoHandler(), limits: limits) { server in
            let connection = try server.connect()
            // The client writes all of its body before it looks for an answer, as most do.
            try await connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 20000000\r\n\r\n")
            let block = [UInt8](repeating: 7, count: 1_000_000)
            for _ in 0..<20 { try await connection.send(block) }
            #expect(try await connection.response()?.status == 413)
            #expect(try await connection.response() == nil)
        }
    }

    @Test func closedClientsAreToldFromHalfClosedOnes() async throws {
        let gate = Gate()
        let left = Gate()
        let handler = ClosureHandler { request in
            Task {
                await request.client.departure()
                await left.pass()
            }
            await gate.pass()
            return ServerResponse(text: "late")
        }
        let server = HTTPServer(configuration: configuration(), handler: handler)
        let port = try server.start()
        do {
            // The descriptor is closed when the stream goes.
            let stream = try SocketStream(port: port)
            try await stream.send(Array(Self.get.utf8))
            await gate.arrival()
        }
        await left.arrival()
        await gate.open()
        await left.open()
        #expect(await server.shutdown(timeout: .seconds(60)))
    }

    @Test func cancelledWorkIsTheTaskOfTheClientThatLeft() async throws {
        let started = Gate()
        let cancelled = Gate()
        let handler = ClosureHandler { _ in
            await withTaskCancellationHandler {
                await started.pass()
            } onCancel: {
                Task { await cancelled.pass() }
            }
            return ServerResponse(text: "late")
        }
        try await withTestServer(.socket, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send(Self.get)
            await started.arrival()
            await connection.stream.reset()
            await cancelled.arrival()
            await started.open()
            await cancelled.open()
        }
    }

    @Test func shutdownAnswersWhatWasAcceptedAndClosesTheRest() async throws {
        let gate = Gate()
        let handler = ClosureHandler { request in
            if request.path == "/slow" { await gate.pass() }
            return ServerResponse(text: "done")
        }
        let server = HTTPServer(configuration: configuration(), handler: handler)
        let port = try server.start()
        let idle = TestConnection(stream: try SocketStream(port: port))
        try await idle.send(Self.get)
        #expect(try await idle.response()?["Connection"] == nil)
        let busy = TestConnection(stream: try SocketStream(port: port))
        try await busy.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
        await gate.arrival()

        server.beginDraining()
        let late = TestConnection(stream: try SocketStream(port: port))
        try await late.send(Self.get)
        #expect(try await late.response()?["Connection"] == "close")
        await late.stream.close()

        async let finished = server.shutdown(timeout: .seconds(60))
        #expect(try await idle.response() == nil)
        await idle.stream.close()
        await gate.open()
        let answer = try await busy.response()
        #expect(answer?.text == "done")
        #expect(answer?["Connection"] == "close")
        await busy.stream.close()
        #expect(await finished)
        #expect(server.connectionCount == 0)
        #expect(throws: TestError.self) { try SocketStream(port: port) }
    }

    @Test func shutdownCutsWhatTakesTooLong() async throws {
        let gate = Gate()
        let handler = ClosureHandler { _ in
            await gate.pass()
            return ServerResponse(text: "late")
        }
        let statuses = Mutex<[Int]>([])
        var configuration = configuration()
        configuration.observe = { record in statuses.withLock { $0.append(record.status.code) } }
        let server = HTTPServer(configuration: configuration, handler: handler)
        let stream = try SocketStream(port: try server.start())
        try await stream.send(Array(Self.get.utf8))
        await gate.arrival()
        #expect(await server.shutdown(timeout: .milliseconds(50)) == false)
        #expect(server.connectionCount == 0)
        #expect(statuses.withLock { $0 } == [503], "the server left, not the client")
        await gate.open()
    }

    @Test func noRequestIsLostWhenTheServerEndsUnderLoad() async throws {
        var configuration = configuration()
        // A busy machine may keep a client from its next request for long.
        configuration.limits.drainIdleTimeout = .seconds(60)
        for _ in 0..<10 {
            let server = HTTPServer(configuration: configuration, handler: EchoHandler())
            let port = try server.start()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for client in 0..<6 {
                    let connection = TestConnection(stream: try SocketStream(port: port))
                    group.addTask {
                        while true {
                            try await connection.send("POST /\(client) HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi")
                            guard let answer = try await connection.response(), answer.text == "POST /\(client) hi" else { return false }
                            if answer["Connection"] == "close" {
                                await connection.stream.close()
                                return true
                            }
                        }
                    }
                }
                try await Task.sleep(for: .milliseconds(20))
                #expect(await server.shutdown(timeout: .seconds(60)))
                for try await wasAnswered in group { #expect(wasAnswered) }
            }
        }
    }

    @Test func everyAnswerIsObserved() async throws {
        let records = Mutex<[RequestRecord]>([])
        var configuration = configuration()
        configuration.observe = { record in records.withLock { $0.append(record) } }
        let server = HTTPServer(configuration: configuration, handler: EchoHandler())
        let connection = TestConnection(stream: try SocketStream(port: try server.start()))
        try await connection.send("POST /a?secret HTTP/1.1\r\nHost: t\r\nX-Request-Id: one\r\nContent-Length: 3\r\n\r\nabcnonsense\r\n")
        #expect(try await connection.response()?.status == 200)
        #expect(try await connection.response()?.status == 400)
        await server.shutdown(timeout: .seconds(1))
        let seen = records.withLock { $0 }
        #expect(seen.map(\.status.code) == [200, 400])
        #expect(seen.first?.id == "one")
        #expect(seen.first?.path == "/a")
        #expect(seen.first?.requestBytes == 3)
        #expect(seen.first?.responseBytes == 18)
        #expect(seen.first?.remoteAddress?.hasPrefix("127.0.0.1:") == true)
        #expect(seen.last?.method == nil)
    }

    @Test func manyConnectionsAtOnce() async throws {
        let server = HTTPServer(configuration: configuration(), handler: EchoHandler())
        let port = try server.start()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<32 {
                group.addTask {
                    let connection = TestConnection(stream: try SocketStream(port: port))
                    for index in 0..<20 {
                        try await connection.send("POST /\(client) HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n\(10 + index)")
                        let answer = try await connection.response()
                        #expect(answer?.text == "POST /\(client) \(10 + index)")
                    }
                    await connection.stream.close()
                }
            }
            try await group.waitForAll()
        }
        #expect(await server.shutdown(timeout: .seconds(60)))
    }

    @Test func timeOutsWorkOnTheRealClock() async throws {
        var limits = HTTPLimits.patient
        limits.headerTimeout = .milliseconds(300)
        limits.idleTimeout = .milliseconds(80)
        try await withTestServer(.socket, handler: EchoHandler(), limits: limits) { server in
            // On a busy machine the client itself may be late, and is then closed without a word: it tries again.
            var statuses: [Int] = []
            while !statuses.contains(408), statuses.count < 50 {
                let slow = try server.connect()
                guard (try? await slow.send("GET / HT")) != nil else { continue }
                statuses.append((try? await slow.response())?.status ?? 0)
            }
            #expect(statuses.contains(408))
            var answered = false
            for _ in 0..<50 where !answered {
                let idle = try server.connect()
                guard (try? await idle.send(Self.get)) != nil, let answer = try? await idle.response() else { continue }
                answered = answer.status == 200
                #expect(try await idle.response() == nil)
            }
            #expect(answered)
        }
    }

    @Test func listensOnIPv6() throws {
        var configuration = configuration()
        configuration.host = "::1"
        let server = HTTPServer(configuration: configuration, handler: EchoHandler())
        // Machines without IPv6 refuse; the message then names the address.
        do {
            #expect(try server.start() > 0)
        } catch {
            #expect(error.description.contains("::1"))
        }
    }

    @Test func saysWhyItCannotListen() throws {
        let first = HTTPServer(configuration: configuration(), handler: EchoHandler())
        var taken = configuration()
        taken.port = try first.start()
        #expect { _ = try HTTPServer(configuration: taken, handler: EchoHandler()).start() } throws: {
            "\($0)".contains("port \(taken.port)") && "\($0)".contains("in use")
        }
        var unknown = configuration()
        unknown.host = "no.such.host.invalid"
        #expect { _ = try HTTPServer(configuration: unknown, handler: EchoHandler()).start() } throws: {
            "\($0)".contains("no.such.host.invalid")
        }
        unknown.port = 70_000
        #expect { _ = try HTTPServer(configuration: unknown, handler: EchoHandler()).start() } throws: { "\($0)".contains("70000") }
    }
}
