import Foundation
import FoveaCompute
import FoveaGraph
import FoveaSystem
import Testing

@testable import FoveaServing

/// The threads that passes of all models are split over.
@Suite struct SharedHelpersTests {
    @Test func manyModelsAndWorkersHaveNoMoreHelpersThanOneModel() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let (threads, decoding) = (4, DecodingBudget(maxPixels: 1_000_000))
        let teams = TeamPool(threads: threads)
        let networks = try ["resnet20-cifar10", "resnet20-cbam-cifar10", "resnet20-se-cifar10"].map {
            try LoadedNetwork(
                directory: root.appending(path: "weights/\($0)"), maxPixels: 1_000_000, decoding: decoding, precision: .float32,
                teams: teams)
        }
        let pictures = networks.map { [Float](repeating: 0.25, count: $0.description.inputSize.reduce(1, *)) }
        let alone = try zip(networks, pictures).map { try $0.run([SessionInput(values: $1)], threads: 1)[0].logits }
        #expect(teams.helpers == 0)

        let pool = WorkerPool(limits: .init(threads: threads, maxBatch: 2, maxQueue: 100), logger: .silent)
        @Sendable func classify(_ model: Int) async throws {
            try pool.reserve(lane: model)
            let work = Work(
                lane: model, network: networks[model], input: .values(pictures[model]), deadline: .now.advanced(by: .seconds(600)))
            let pass = try await pool.run(work, attendance: Attendance())
            #expect(pass.output.logits == alone[model])
            #expect(teams.helpers <= TeamPool.mostHelpers(threads: threads))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<90 { group.addTask { try await classify(index % 3) } }
            try await group.waitForAll()
        }
        // Each of them alone is split over all threads.
        for model in networks.indices { try await classify(model) }
        #expect(teams.helpers >= threads - 1)
    }
}
