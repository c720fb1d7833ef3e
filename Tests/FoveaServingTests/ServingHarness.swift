import Foundation
import FoveaHTTP
import FoveaJSON
import FoveaZoo
import HTTPTypes
import Logging
import Testing

@testable import FoveaServing

/// A server over a folder of fake models, asked in-process.
struct ServingHarness {
    let folder: TemporaryFolder
    let network: FakeNetwork
    let server: FoveaServer
    private let loading: Gate

    /// Models `alpha` (version 1 and 2), `beta`, and `omega`, which is refused.
    init(
        load: Bool = true, logger: Logger = .silent, rows: Int = 64, layer: String = "features.9",
        configure: (inout FoveaServer.Options) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        try folder.write("alpha", to: "alpha/1/config.json")
        try folder.write("alpha", to: "alpha/2/config.json")
        try folder.write("beta", to: "beta/config.json")
        try folder.write("broken", to: "omega/config.json")
        let network = try FakeNetwork(rows: rows, layer: layer)
        self.network = network
        let loading = Gate()
        if !load { loading.close() }
        self.loading = loading
        var options = FoveaServer.Options(folders: [folder.url], threads: 1)
        options.http.port = 0
        // No deadline but where a test sets one: on a busy machine even a small picture may wait long for its thread.
        options.service.deadline = nil
        configure(&options)
        let store = ModelStore(folders: [folder.url], defaultModel: nil, threads: 1, logger: logger) { directory throws(ModelError) in
            loading.pass()
            let text = (try? String(contentsOf: directory.appending(path: "config.json"), encoding: .utf8)) ?? ""
            if text.hasPrefix("broken") { throw ModelError("tensor 'fc.weight' is missing") }
            return network
        }
        server = FoveaServer(options: options, store: store, logger: logger)
        if load {
            try store.scan()
            store.load()
        }
    }

    func finishLoading() {
        loading.open()
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, type: String? = nil, body: [UInt8] = [], token: String? = nil,
        client: ClientConnection = ClientConnection()
    ) async -> Answer {
        var head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        head.headerFields[.contentType] = type
        head.headerFields[.authorization] = token.map { "Bearer \($0)" }
        return Answer(await server.handler.respond(to: ServerRequest(head: head, body: body, id: "test-1", client: client)))
    }

    func classify(_ query: String = "", type: String? = nil, body: [UInt8]) async -> Answer {
        await send(.post, "/classify\(query)", type: type, body: body)
    }
}

/// An answer, and its body as JSON.
struct Answer {
    let status: Int
    let fields: HTTPFields
    let text: String
    let json: JSONValue

    init(_ response: ServerResponse) {
        status = response.head.status.code
        fields = response.head.headerFields
        text = String(decoding: response.body, as: UTF8.self)
        json = (try? JSONValue(json: response.body)) ?? .null
    }

    init(status: Int, fields: HTTPFields = [:], body: [UInt8]) {
        self.init(ServerResponse(status: .init(code: status), fields: fields, body: body))
    }

    var detail: String { json["detail"]?.text ?? "" }
}

extension JSONValue {
    subscript(_ name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    subscript(_ index: Int) -> JSONValue? {
        if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var double: Double? { if case .number(let number) = self { number } else { nil } }
    var values: [JSONValue] { if case .array(let values) = self { values } else { [] } }
    var doubles: [Double] { values.compactMap(\.double) }
}
