import Testing

@testable import FoveaServing

@Suite struct BudgetTests {
    @Test func lanesTakeTurns() {
        var queue = TurnQueue<String>()
        for name in ["a1", "a2", "a3"] { queue.append(name, lane: 1) }
        queue.append("b1", lane: 2)
        queue.append("c1", lane: 3)
        queue.append("b2", lane: 2)
        var order: [String] = []
        while let next = queue.popFirst(where: { _ in true })?.element { order.append(next) }
        #expect(order == ["a1", "b1", "c1", "a2", "b2", "a3"])
        queue.append("again", lane: 1)
        #expect(queue.popFirst { _ in true }?.element == "again")
        #expect(queue.popFirst { _ in true }?.element == nil)
    }

    @Test func aFloodOfJobsDoesNotHoldUpAnotherLane() async {
        let pool = BlockingPool(threads: 1, name: "test")
        let gate = Gate()
        gate.close()
        let order = Monitor<[Int]>([])
        pool.submit(lane: 1) { gate.pass() }
        #expect(await eventually { gate.waiting == 1 })
        for _ in 0..<50 { pool.submit(lane: 1) { order.withLockNotifyingAll { $0.append(1) } } }
        pool.submit(lane: 2) { order.withLockNotifyingAll { $0.append(2) } }
        gate.open()
        #expect(await eventually { order.withLock { $0.count } == 51 })
        #expect(order.withLock { $0.firstIndex(of: 2) } ?? 51 <= 1)
    }

    @Test func longJobsOfOneLaneLeaveAThreadToTheOthers() async {
        let pool = BlockingPool(threads: 3, name: "test")
        let gate = Gate()
        gate.close()
        let done = Monitor(0)
        for _ in 0..<8 {
            pool.submit(lane: 1) {
                gate.pass()
                done.withLockNotifyingAll { $0 += 1 }
            }
        }
        #expect(await eventually { gate.waiting == 2 })
        for _ in 0..<20 { await pool.run(lane: 2) {} }
        #expect(gate.waiting == 2)
        gate.open()
        #expect(await eventually { done.withLock { $0 } == 8 })
    }

    @Test func picturesWaitForRoom() async {
        let budget = DecodingBudget(limit: 100)
        let pool = BlockingPool(threads: 4, name: "test")
        let running = Monitor((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for bytes in [60, 60, 60, 30, 100, 60, 10, 60, 0] {
                group.addTask {
                    await pool.run {
                        budget.with(bytes) {
                            running.withLockNotifyingAll { state in
                                state.now += bytes
                                state.most = max(state.most, state.now)
                            }
                            running.withLockNotifyingAll { $0.now -= bytes }
                        }
                    }
                }
            }
        }
        #expect(running.withLock { $0.now } == 0)
        #expect(running.withLock { $0.most } <= 100)
    }

    @Test func decodingTakesAQuarterOfTheMemoryAtMost() {
        #expect(DecodingBudget(maxPixels: 100_000_000, memory: 64 << 30).limit == 600_000_000)
        #expect(DecodingBudget(maxPixels: 100_000_000, memory: 1 << 30).limit == 256 << 20)
        #expect(DecodingBudget(maxPixels: 100_000_000, memory: 1 << 20).limit == 64 << 20)
        #expect(DecodingBudget(maxPixels: 1_000_000, memory: 1 << 20).limit == 6_000_000)
    }

    /// A large one asks while there is a small one, and before others that would always fit.
    @Test func picturesAreAdmittedInTheOrderInWhichTheyAsk() async {
        let budget = DecodingBudget(limit: 100)
        let pool = BlockingPool(threads: 5, name: "test")
        let gate = Gate()
        gate.close()
        let order = Monitor<[Int]>([])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run { budget.with(10) { gate.pass() } } }
            while gate.waiting == 0 { await Task.yield() }
            for (asked, bytes) in [(2, 100), (3, 10), (4, 10)] {
                group.addTask { await pool.run { budget.with(bytes) { order.withLockNotifyingAll { $0.append(bytes) } } } }
                while budget.asked < asked { await Task.yield() }
            }
            // What needs no room does not wait.
            #expect(budget.with(0) { true })
            #expect(order.withLock { $0 } == [])
            gate.open()
        }
        #expect(order.withLock { $0 } == [100, 10, 10])
    }

    @Test func roomComesBackFromAPictureThatFails() throws {
        struct Failure: Error {}
        let budget = DecodingBudget(limit: 10)
        #expect(throws: Failure.self) { try budget.with(10) { () throws(Failure) in throw Failure() } }
        #expect(budget.with(10) { true })
    }
}
