import Foundation
import FoveaHTTP
import Testing

@testable import FoveaServing

/// What maps may take from their request to its answer.
@Suite struct MapBudgetTests {
    private let white: [UInt8]

    init() throws { white = try TestPictures.grey(255, width: 12, height: 6) }

    /// Each request's maps have some 33,000 numbers.
    private func server(_ bytes: Int) throws -> ServingHarness {
        try ServingHarness(rows: 1024) { $0.service.maxMapBytes = bytes }
    }

    @Test func whoeverFindsNoRoomIsRefusedAndTheOthersGoOn() async throws {
        let server = try server(200_000)
        server.network.gate.close()
        let first = ClientConnection()
        async let waiting = server.send(.post, "/classify", body: white, client: first)
        while server.server.service.workers.queued == 0, server.server.service.workers.busyCount == 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
        let refused = await server.classify(body: white)
        #expect(refused.status == 429 && refused.fields[.retryAfter] == "1" && refused.detail.contains("layers"), "\(refused.text)")
        async let short = server.classify("?layers=features.4", body: white)
        server.network.gate.open()
        #expect(await waiting.status == 200)
        #expect(await short.status == 200, "few numbers need no room")
        first.releaseBytes()
        #expect(await server.classify(body: white).status == 200)
        let metrics = await server.send(.get, "/metrics")
        #expect(metrics.text.contains(#"fovea_rejected_total{model="alpha",reason="maps_full"} 1"#))
    }

    @Test func outputsOfTheInferenceProtocolCountToo() async throws {
        let server = try server(200_000)
        server.network.gate.close()
        async let waiting = server.classify(body: white)
        while server.server.service.workers.queued == 0, server.server.service.workers.busyCount == 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
        let picture = Data(white).base64EncodedString()
        let inputs = #"[{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["\#(picture)"]}]"#
        let json = #"{"inputs": \#(inputs), "outputs": [{"name": "attention/features.9/spatial"}]}"#
        let refused = await server.send(.post, "/v2/models/alpha/infer", type: "application/json", body: Array(json.utf8))
        #expect(refused.status == 429 && refused.text.contains("layers"), "\(refused.text)")
        server.network.gate.open()
        #expect(await waiting.status == 200)
    }

    @Test func whatIsWrittenOfManyPicturesCountsUntilTheLastIsDone() throws {
        let service = try ServingHarness {
            $0.service.maxMapBytes = 200_000
            // One picture's maps at a time.
            $0.service.maxQueue = 2
        }.server.service
        let request = try ResolvedRequest(ClassifyParameters(), store: service.store)
        let clients = [ClientConnection(), ClientConnection()]
        try service.holdMaps(request, pictures: 16, for: clients[0])
        #expect(throws: ClassificationError.mapsFull) { try service.holdMaps(request, pictures: 16, for: clients[1]) }
        try service.holdMaps(request, pictures: 1, for: clients[1])
        clients[0].releaseBytes()
        try service.holdMaps(request, pictures: 16, for: clients[1])
    }

    @Test func theTextOfOutputsCountsAndOnlySoManyNumbersAreWrittenAsText() throws {
        let network = try FakeNetwork(rows: 2048)
        func outputs(_ isBinary: Bool, pictures: Int) throws(ClassificationError) -> InferenceOutputs {
            var request = InferenceRequest()
            request.outputs = [InferenceRequest.Output(name: "attention/features.9/spatial", isBinary: isBinary)]
            return try InferenceOutputs(request, pictures: pictures, description: network.description)
        }
        #expect(try outputs(false, pictures: 192).bytes == 65_536 * (4 + 12))
        #expect(try outputs(true, pictures: 256).bytes == 65_536 * (4 + 4))
        let error = #expect(throws: ClassificationError.self) { try outputs(false, pictures: 193) }
        #expect(error?.detail.contains("'binary_data'") == true && error?.detail.contains("12582912 are allowed") == true)
    }

    @Test func whatWouldNeverFitIsTakenAlone() async throws {
        #expect(try await server(1_000).classify(body: white).status == 200)
    }
}
