import FoveaGraph
import FoveaHTTP
import Logging
import Testing

@testable import FoveaServing

@Suite struct WorkerPoolTests {
    let network: FakeNetwork

    init() throws {
        network = try FakeNetwork()
    }

    func pool(threads: Int = 1, maxBatch: Int = 4, maxQueue: Int = 10) -> WorkerPool {
        WorkerPool(limits: .init(threads: threads, maxBatch: maxBatch, maxQueue: maxQueue), logger: .silent)
    }

    func submit(
        _ pool: WorkerPool, deadline: Duration = .seconds(60), attendance: Attendance = Attendance()
    ) -> Task<Result<Pass, ClassificationError>, Never> {
        let input = SessionInput(values: [Float](repeating: 0.5, count: 48))
        let work = Work(lane: 1, network: network, input: input, deadline: ContinuousClock.now.advanced(by: deadline))
        return Task { () -> Result<Pass, ClassificationError> in
            do throws(ClassificationError) {
                try pool.reserve(lane: 1)
                return .success(try await pool.run(work, attendance: attendance))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Keeps the only worker busy until the gate opens.
    func occupy(_ pool: WorkerPool) async -> Task<Result<Pass, ClassificationError>, Never> {
        network.gate.close()
        let task = submit(pool)
        #expect(await eventually { network.gate.waiting == 1 })
        return task
    }

    func error(_ task: Task<Result<Pass, ClassificationError>, Never>) async -> ClassificationError? {
        if case .failure(let error) = await task.value { error } else { nil }
    }

    @Test func onePictureUsesEveryThread() async throws {
        let pool = pool(threads: 3)
        let pass = try await submit(pool).value.get()
        #expect(pass.output.logits == [-0.5, 0.5, -1])
        #expect(pass.batchSize == 1)
        #expect(network.passes.map(\.threads) == [3])
        #expect(pool.statistics.pictures == 1)
    }

    @Test func whatWaitedSharesAPass() async throws {
        let pool = pool()
        let first = await occupy(pool)
        let others = (0..<3).map { _ in submit(pool) }
        #expect(await eventually { pool.queued == 3 })
        network.gate.open()
        #expect(try await first.value.get().batchSize == 1)
        for other in others { #expect(try await other.value.get().batchSize == 3) }
        #expect(network.passes.map(\.pictures) == [1, 3])
    }

    @Test func aFullQueueRefusesAtOnce() async throws {
        let pool = pool(maxQueue: 2)
        let first = await occupy(pool)
        let waiting = [submit(pool), submit(pool)]
        #expect(await eventually { pool.queued == 2 })
        guard case .queueFull(let seconds)? = await error(submit(pool)) else {
            Issue.record("should be refused")
            return
        }
        #expect((1...60).contains(seconds))
        #expect(pool.statistics.refused == 1)
        network.gate.open()
        for task in [first] + waiting { _ = try await task.value.get() }
    }

    @Test func aLongQueuesRefusalHoldsForItsLaneAndForAMoment() async throws {
        let pool = pool(maxQueue: 16)
        let first = await occupy(pool)
        let waiting = (0..<16).map { _ in submit(pool) }
        #expect(await eventually { pool.queued == 16 })
        for _ in 0..<100 {
            guard case .queueFull(let seconds)? = pool.refusal(lane: 1) else {
                Issue.record("should be refused")
                return
            }
            #expect((1...60).contains(seconds))
        }
        #expect(pool.refusal(lane: 2) == nil, "another model has places of its own")
        #expect(pool.statistics.refused == 100)
        network.gate.open()
        for task in [first] + waiting { _ = try await task.value.get() }
        #expect(await eventually { pool.refusal(lane: 1) == nil })
    }

    @Test func aDeadlineIsKeptWhileEveryWorkerIsBusy() async throws {
        let pool = pool()
        let first = await occupy(pool)
        #expect(await error(submit(pool, deadline: .milliseconds(30))) == .deadlinePassed)
        #expect(pool.statistics.expired == 1)
        network.gate.open()
        _ = try await first.value.get()
    }

    @Test func picturesOfClientsThatLeftAreDroppedAndCounted() async throws {
        let pool = pool()
        let first = await occupy(pool)
        let client = ClientConnection()
        let left = submit(pool, attendance: Attendance(client: client))
        let cancelled = submit(pool)
        let stays = submit(pool)
        #expect(await eventually { pool.queued == 3 })
        client.disconnect()
        cancelled.cancel()
        network.gate.open()
        #expect(await error(left) == .abandoned)
        #expect(await error(cancelled) == .abandoned)
        #expect(try await stays.value.get().batchSize == 1)
        _ = try await first.value.get()
        #expect(pool.statistics.abandoned == 2)
        #expect(network.passes.map(\.pictures) == [1, 1])
    }

    @Test func aClientThatLeavesDuringItsPassIsDroppedBetweenLayers() async throws {
        let pool = pool()
        let client = ClientConnection()
        network.gate.close()
        let task = submit(pool, attendance: Attendance(client: client))
        #expect(await eventually { network.gate.waiting == 1 })
        client.disconnect()
        network.gate.open()
        #expect(await error(task) == .abandoned)
        #expect(pool.statistics.abandoned == 1 && pool.statistics.pictures == 0 && pool.statistics.failed == 0)
        _ = try await submit(pool).value.get()
    }

    @Test func aWorkerThatThrowsGoesOn() async throws {
        let pool = pool()
        network.fail(true)
        #expect(await error(submit(pool)) == .inferenceFailed)
        network.fail(false)
        _ = try await submit(pool).value.get()
        #expect(pool.statistics.failed == 1 && pool.statistics.pictures == 1)
    }

    @Test func aStuckWorkerIsNoticed() async throws {
        let pool = pool()
        let first = await occupy(pool)
        #expect(pool.stuckWorkers(after: .seconds(60)).isEmpty)
        #expect(pool.stuckWorkers(after: .seconds(60), now: .now.advanced(by: .seconds(61))) == [.init(index: 0, architecture: "fake")])
        network.gate.open()
        _ = try await first.value.get()
        #expect(await eventually { pool.stuckWorkers(after: .zero).isEmpty })
    }
}
