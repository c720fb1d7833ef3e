import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Testing

/// One body of tests, run in process and over a socket.
@Suite struct ConnectionTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n"

    @Test(arguments: TestTransport.allCases)
    func answersCarryWhatTheyMust(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let answer = try await server.request("GET", "/a?b", fields: ["X-Request-Id": "abc-1"])
            #expect(answer.status == 200)
            #expect(answer.text == "GET /a?b ")
            #expect(answer["X-Request-Id"] == "abc-1")
            #expect(answer["Content-Length"] == "9")
            #expect(answer["Date"]?.hasSuffix(" GMT") == true)
            #expect(answer["Connection"] == nil)
            let other = try await server.request("GET", "/a")
            #expect(other["X-Request-Id"]?.utf8.count == 32)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func framingErrorsAreToldAndEndTheConnection(_ transport: TestTransport) async throws {
        var limits = HTTPLimits.patient
        limits.body = 1 << 20
        try await withTestServer(transport, handler: EchoHandler(), limits: limits) { server in
            for framing in FramingCase.all + FramingCase.sizes {
                guard case .error(let status, let count) = framing.verdict else { continue }
                let connection = try server.connect()
                try await connection.send(framing.bytes)
                for _ in 0..<count { #expect(try await connection.response()?.status == 200, "\(framing.name)") }
                let answer = try await connection.response()
                #expect(answer?.status == status, "\(framing.name)")
                #expect(answer?["Content-Type"] == "application/problem+json", "\(framing.name)")
                #expect(answer?["Connection"] == "close", "\(framing.name)")
                let id = try #require(answer?["X-Request-Id"])
                #expect(answer?.text.contains("\"request_id\":\"\(id)\"") == true, "\(framing.name)")
                #expect(try await connection.response() == nil, "\(framing.name)")
                await connection.stream.close()
            }
        }
    }

    @Test(arguments: TestTransport.allCases)
    func validFramingsAreAnswered(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            for framing in FramingCase.all {
                guard case .requests(let requests) = framing.verdict else { continue }
                let connection = try server.connect()
                try await connection.send(framing.bytes)
                for request in requests {
                    let answer = try await connection.response()
                    #expect(answer?.text == "\(request.method) \(request.path) \(request.body)", "\(framing.name)")
                    #expect((answer?["Connection"] == "close") == !request.keepAlive, "\(framing.name)")
                }
                await connection.stream.close()
            }
        }
    }

    @Test(arguments: TestTransport.allCases)
    func whatComesBehindACloseIsNotRead(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            try await connection.send("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try await connection.response()?.text == "GET /a ")
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func connectionsAreKept(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            for index in 0..<20 {
                try await connection.send("POST /\(index) HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi")
                #expect(try await connection.response()?.text == "POST /\(index) hi")
            }
        }
    }

    @Test(arguments: TestTransport.allCases)
    func pipelinedRequestsAreAnsweredInOrder(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            // More than the server takes in ahead, so that back-pressure is at work too.
            let count = 5_000
            let requests = (0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: t\r\n\r\n" }.joined()
            async let sending: Void = connection.stream.send(Array(requests.utf8))
            for index in 0..<count {
                let answer = try await connection.response()
                guard answer?.text == "GET /\(index) " else {
                    Issue.record("answer \(index) is \(answer?.text ?? "none")")
                    break
                }
            }
            try await sending
        }
    }

    @Test(arguments: TestTransport.allCases)
    func headHasNoBodyButItsLength(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            try await connection.send("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\n" + Self.get)
            let answer = try await connection.response(toHead: true)
            #expect(answer?["Content-Length"] == "8")
            #expect(try await connection.response()?.text == "GET /a ")
        }
    }

    @Test(arguments: TestTransport.allCases)
    func statusesWithoutBodyHaveNone(_ transport: TestTransport) async throws {
        let handler = ClosureHandler { request in
            ServerResponse(status: request.path == "/204" ? .noContent : .notModified, body: Array("no".utf8))
        }
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send("GET /204 HTTP/1.1\r\nHost: t\r\n\r\nGET /304 HTTP/1.1\r\nHost: t\r\n\r\n")
            let first = try await connection.response()
            #expect(first?.status == 204)
            #expect(first?["Content-Length"] == nil)
            #expect(try await connection.response()?.status == 304)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func http10IsAnsweredAndClosedUnlessAskedNotTo(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            try await connection.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let kept = try await connection.response()
            #expect(kept?["Connection"] == "keep-alive")
            try await connection.send("GET /b HTTP/1.0\r\n\r\n")
            let last = try await connection.response()
            #expect(last?.text == "GET /b ")
            #expect(last?["Connection"] == "close")
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func aClientThatWaitsIsToldToContinue(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            let connection = try server.connect()
            try await connection.send("POST /a HTTP/1.1\r\nHost: t\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await connection.interimResponse() == 100)
            try await connection.send("hi")
            #expect(try await connection.response()?.text == "POST /a hi")
        }
    }

    @Test(arguments: TestTransport.allCases)
    func aClientThatWaitsIsRefusedBeforeItSends(_ transport: TestTransport) async throws {
        var limits = HTTPLimits.patient
        limits.body = 1_000
        try await withTestServer(transport, handler: EchoHandler(), limits: limits) { server in
            let connection = try server.connect()
            try await connection.send("POST /a HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n")
            let answer = try await connection.response()
            #expect(answer?.status == 413)
            #expect(await connection.interim.isEmpty)
            #expect(answer?["Connection"] == "close")
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func chunkedBodiesHaveALimitToo(_ transport: TestTransport) async throws {
        var limits = HTTPLimits.patient
        limits.body = 10
        try await withTestServer(transport, handler: EchoHandler(), limits: limits) { server in
            let connection = try server.connect()
            try await connection.send(
                "POST /a HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n")
            #expect(try await connection.response()?.status == 413)
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func routesSayWhatBodyTheyWant(_ transport: TestTransport) async throws {
        let handler = EchoHandler { request in
            switch request.path {
            case "/needs": .accept(.required)
            case "/small": .accept(BodyPolicy(limit: 3))
            case "/busy": .refuse(ServerResponse(status: .tooManyRequests, text: "later"))
            default: .accept(.optional)
            }
        }
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send("POST /needs HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try await connection.response()?.status == 411)
            try await connection.send("POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nabcd")
            #expect(try await connection.response()?.status == 413)
            // Short bodies that are refused are skipped, and the connection goes on.
            try await connection.send("POST /busy HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nabcd\(Self.get)")
            #expect(try await connection.response()?.status == 429)
            #expect(try await connection.response()?.text == "GET /a ")
            try await connection.send("POST /busy HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
            #expect(try await connection.response()?["Connection"] == "close")
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func halfClosedClientsGetTheirAnswers(_ transport: TestTransport) async throws {
        let gate = Gate()
        let handler = ClosureHandler { request in
            await gate.pass()
            return ServerResponse(text: "\(request.path) \(request.client.isConnected)")
        }
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send(Self.get + "GET /b HTTP/1.1\r\nHost: t\r\n\r\n")
            await gate.arrival()
            await connection.stream.endSending()
            try await Task.sleep(for: .milliseconds(60))
            await gate.open()
            #expect(try await connection.response()?.text == "/a true")
            #expect(try await connection.response()?.text == "/b true")
            #expect(try await connection.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func clientsThatLeaveAreNoticed(_ transport: TestTransport) async throws {
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
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send(Self.get)
            await gate.arrival()
            await connection.stream.reset()
            await left.arrival()
            await left.open()
            await gate.open()
        }
    }

    @Test(arguments: TestTransport.allCases)
    func requestsThatEndTooSoonAreToldSo(_ transport: TestTransport) async throws {
        try await withTestServer(transport, handler: EchoHandler()) { server in
            for text in ["GET /a HT", "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel"] {
                let connection = try server.connect()
                try await connection.send(text)
                await connection.stream.endSending()
                #expect(try await connection.response()?.status == 400)
                #expect(try await connection.response() == nil)
            }
            let silent = try server.connect()
            await silent.stream.endSending()
            #expect(try await silent.response() == nil)
        }
    }

    @Test(arguments: TestTransport.allCases)
    func handlersCanEndTheConnection(_ transport: TestTransport) async throws {
        let handler = ClosureHandler { _ in ServerResponse(status: .ok, fields: [.connection: "close"]) }
        try await withTestServer(transport, handler: handler) { server in
            let connection = try server.connect()
            try await connection.send(Self.get + Self.get)
            let answer = try await connection.response()
            #expect(answer?.fields[values: .connection] == ["close"])
            #expect(try await connection.response() == nil)
        }
    }

    /// RFC 9112, 9.6: a request behind the last one is not read, whoever said that it is the last.
    @Test(arguments: TestTransport.allCases)
    func nothingIsReadBehindTheLastRequest(_ transport: TestTransport) async throws {
        let last = [
            "GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", "GET /a HTTP/1.0\r\nHost: t\r\n\r\n",
            "POST /a HTTP/1.1\r\nHost: t\r\nConnection: close\t\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n",
        ]
        try await withTestServer(transport, handler: EchoHandler()) { server in
            for request in last {
                let connection = try server.connect()
                try await connection.send(request + Self.get)
                #expect(try await connection.response()?["Connection"] == "close", "\(request)")
                #expect(try await connection.response() == nil, "\(request)")
            }
        }
    }

    @Test(arguments: TestTransport.allCases)
    func problemsTakeTheFormOfTheirPath(_ transport: TestTransport) async throws {
        var problems = ProblemRenderer()
        problems.use({ problem, _ in ServerResponse(status: problem.status, text: "v2: \(problem.status.code)") }, below: "/v2")
        var limits = HTTPLimits.patient
        limits.body = 1
        try await withTestServer(transport, handler: EchoHandler(), limits: limits, problems: problems) { server in
            let below = try await server.request("POST", "/v2/x", body: [1, 2])
            #expect(below.text == "v2: 413")
            let beside = try await server.request("POST", "/v20", body: [1, 2])
            #expect(beside["Content-Type"] == "application/problem+json")
        }
    }
}
