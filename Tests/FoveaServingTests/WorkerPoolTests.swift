import FoveaGraph
import FoveaHTTP
import FoveaSystem
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
    ) -> Task<Result<PicturePass, ClassificationError>, Never> {
        let input = NetworkInput.values([Float](repeating: 0.5, count: 48))
        let work = Work(lane: 1, network: network, input: input, deadline: Instant.now.advanced(by: deadline))
        return Task { () -> Result<PicturePass, ClassificationError> in
            do throws(ClassificationError) {
                try pool.reserve(lane: 1)
                return .success(try await pool.run(work, attendance: attendance))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Keeps the only worker busy until the gate opens.
    func occupy(_ pool: WorkerPool) async -> Task<Result<PicturePass, ClassificationError>, Never> {
        network.gate.close()
        let task = submit(pool)
        #expect(await eventually { network.gate.waiting == 1 })
        return task
    }

    func error(_ task: Task<Result<PicturePass, ClassificationError>, Never>) async -> ClassificationError? {
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
        network.gate.open()
        for task in [first] + waiting { _ = try await task.value.get() }
        #expect(await eventually { pool.refusal(lane: 1) == nil })
    }

    @Test func aDeadlineIsKeptWhileEveryWorkerIsBusy() async throws {
        let pool = pool()
        let first = await occupy(pool)
        #expect(await error(submit(pool, deadline: .milliseconds(30))) == .deadlinePassed)
        network.gate.open()
        _ = try await first.value.get()
    }

    @Test func picturesOfClientsThatLeftAreDropped() async throws {
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
        #expect(pool.statistics.pictures == 0)
        _ = try await submit(pool).value.get()
    }

    @Test func aWorkerThatThrowsGoesOn() async throws {
        let pool = pool()
        network.fail(true)
        #expect(await error(submit(pool)) == .inferenceFailed)
        network.fail(false)
        _ = try await submit(pool).value.get()
        #expect(pool.statistics.pictures == 1)
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

    @Test func aPictureIsDecodedByItsWorkerAndABadOneSpoilsNoBatch() async throws {
        let pool = pool()
        let first = await occupy(pool)
        func submit(_ bytes: [UInt8]) -> Task<Result<PicturePass, ClassificationError>, Never> {
            let work = Work(lane: 1, network: network, input: .picture(bytes), deadline: .now.advanced(by: .seconds(60)))
            return Task { () -> Result<PicturePass, ClassificationError> in
                do throws(ClassificationError) {
                    try pool.reserve(lane: 1)
                    return .success(try await pool.run(work, attendance: Attendance()))
                } catch {
                    return .failure(error)
                }
            }
        }
        let white = try TestPictures.grey(255)
        let tasks = [submit(white), submit(Array(white.prefix(40))), submit(white), submit(Array("text".utf8))]
        #expect(await eventually { pool.queued == 4 })
        network.gate.open()
        _ = try await first.value.get()
        let passes = [try await tasks[0].value.get(), try await tasks[2].value.get()]
        #expect(passes.map(\.output.logits) == [[-1, 1, -1], [-1, 1, -1]])
        #expect(passes.map(\.batchSize) == [2, 2] && Set(passes.map(\.place)) == [0, 1])
        #expect(passes.allSatisfy { $0.queue > .zero && $0.prepared.values.isEmpty && $0.prepared.image.width == 4 })
        guard case .undecodablePicture? = await error(tasks[1]), case .unsupportedPicture? = await error(tasks[3]) else {
            Issue.record("should be told what is wrong with them")
            return
        }
        #expect(network.passes.map(\.pictures) == [1, 2])
        #expect(pool.statistics.pictures == 3 && pool.statistics.passes == 2)
        // A batch of bad ones alone has no pass.
        #expect(await error(submit([0xFF, 0xD8, 0xFF])) != nil)
        #expect(pool.statistics.passes == 2 && pool.queued == 0)
    }

    @Test func allOfABatchAreToldBeforeOneIsSettled() async throws {
        let pool = pool(maxBatch: 3)
        let first = await occupy(pool)
        let told = Monitor<[String]>([])
        for index in 0..<3 {
            try pool.reserve(lane: 1)
            let input = NetworkInput.values([Float](repeating: 0.5, count: index == 1 ? 7 : 48))
            let work = Work(lane: 1, network: network, input: input, deadline: .now.advanced(by: .seconds(60)))
            let receiver = PassReceiver(
                take: { result in
                    let isGood = if case .success = result { true } else { false }
                    told.withLockNotifyingAll { $0.append("\(index) \(isGood)") }
                }, settle: { told.withLockNotifyingAll { $0.append("settled \(index)") } })
            pool.submit(work, attendance: Attendance(), to: receiver)
        }
        network.gate.open()
        _ = try await first.value.get()
        #expect(await eventually { told.withLock { $0.count } == 6 })
        #expect(told.withLock { $0 } == ["0 true", "1 false", "2 true", "settled 0", "settled 1", "settled 2"])
    }

    @Test func whoWaitsWhenThePoolEndsIsTold() async throws {
        let told = Monitor<[String]>([])
        do {
            // A window so long that no worker takes it.
            let pool = WorkerPool(limits: .init(threads: 1, maxBatch: 4, maxQueue: 4, batchWindow: .seconds(600)), logger: .silent)
            try pool.reserve(lane: 1)
            let work = Work(
                lane: 1, network: network, input: .values([Float](repeating: 0.5, count: 48)), deadline: .now.advanced(by: .seconds(600)))
            pool.submit(
                work, attendance: Attendance(),
                to: PassReceiver(
                    take: { result in
                        if case .failure(.abandoned) = result { told.withLockNotifyingAll { $0.append("told") } }
                    }, settle: { told.withLockNotifyingAll { $0.append("settled") } }))
        }
        #expect(told.withLock { $0 } == ["told", "settled"])
    }
}
