import FoveaHTTP
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct TorchServeRoutesTests {
    let server: ServingHarness
    let white: [UInt8]

    init() throws {
        server = try ServingHarness()
        white = try TestPictures.grey(255)
    }

    private func form(_ names: [String]) -> [UInt8] {
        names.flatMap { name in
            Array("--XYZ\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"p\"\r\n\r\n".utf8) + white + Array("\r\n".utf8)
        } + Array("--XYZ--\r\n".utf8)
    }

    @Test(arguments: [HTTPRequest.Method.post, .put]) func labelsWithProbabilitiesTheBestFirst(method: HTTPRequest.Method) async {
        let answer = await server.send(method, "/predictions/alpha", body: white)
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix(#"{"bright":0.78698"#) && answer.text.contains(#","dark":0.1065"#), "\(answer.text)")
        #expect(await server.send(method, "/predictions/alpha/1", body: white).text == answer.text)
    }

    @Test func classesOfOneNameAreBothTold() async throws {
        let network = try FakeNetwork(labels: ["crane", "crane", "none"])
        let store = ModelStore(folders: [server.folder.url], defaultModel: nil, threads: 1, logger: .silent) { _ in network }
        try store.scan()
        store.load()
        let other = FoveaServer(options: .init(folders: [], threads: 1), store: store, logger: .silent)
        let head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/predictions/alpha")
        let answer = Answer(await other.handler.respond(to: ServerRequest(head: head, body: white, id: "test-1")))
        #expect(answer.json["crane"]?.double != nil && answer.json["crane (0)"]?.double != nil, "\(answer.text)")
    }

    @Test(arguments: [(["data"], 200), (["body"], 200), (["image"], 200), (["picture"], 400), (["data", "data"], 400), ([], 400)])
    func forms(names: [String], status: Int) async {
        let answer = await server.send(.post, "/predictions/alpha", type: "multipart/form-data; boundary=XYZ", body: form(names))
        #expect(answer.status == status, "\(answer.text)")
    }

    /// So that log and metrics tell whose requests failed.
    @Test(arguments: ["/predictions/alpha", "/explanations/alpha"]) func whatFailedIsNotedWithItsModel(path: String) async {
        let client = ClientConnection()
        #expect(await server.send(.post, path, body: Array("no picture".utf8), client: client).status == 415)
        #expect(client.note.map { "\($0)" }?.contains("alpha") == true)
    }

    @Test func whatIsWrongIsAProblem() async {
        #expect(await server.send(.post, "/predictions/nobody", body: white).status == 404)
        #expect(await server.send(.post, "/predictions/alpha/7", body: white).status == 404)
        #expect(await server.send(.post, "/predictions/omega", body: white).status == 503)
        #expect(await server.send(.post, "/predictions/alpha", body: Array("text".utf8)).status == 415)
        #expect(await server.send(.post, "/predictions/alpha").status == 400)
        #expect(await server.send(.get, "/predictions/alpha").status == 405)
    }

    @Test func ping() async throws {
        #expect(await server.send(.get, "/ping").text == #"{"status":"Healthy"}"#)
        #expect(await (try ServingHarness(load: false)).send(.get, "/ping").status == 503)
    }
}
