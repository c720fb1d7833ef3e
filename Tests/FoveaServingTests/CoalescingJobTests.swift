import Testing

@testable import FoveaServing

@Suite struct CoalescingJobTests {
    @Test func whatIsAskedForDuringARunIsDoneByOneMore() async {
        let (pool, gate, runs) = (BlockingPool(threads: 2, name: "test"), Gate(), Monitor(0))
        let job = CoalescingJob(on: pool) {
            runs.withLockNotifyingAll { $0 += 1 }
            gate.pass()
        }
        gate.close()
        job.request()
        #expect(await eventually { gate.waiting == 1 })
        for _ in 0..<100 { job.request() }
        #expect(gate.waiting == 1 && runs.withLock { $0 } == 1, "nothing queues, nothing runs beside it")
        gate.open()
        #expect(await eventually { runs.withLock { $0 } == 2 })
        job.request()
        #expect(await eventually { runs.withLock { $0 } == 3 })
        await pool.run {}
        #expect(runs.withLock { $0 } == 3)
    }
}
