import FoveaSystem
import Testing

@testable import FoveaServing

@Suite struct MonitorTests {
    private struct State: Sendable {
        var added = 0
        var taken = 0
        /// How often a thread looked and found nothing.
        var looks = 0
        var isOver = false
        var running = 0
    }

    private let monitor = Monitor(State())

    /// Starts threads that take what is added, one each.
    private func start(_ threads: Int) {
        monitor.withLockNotifyingAll { $0.running += threads }
        for _ in 0..<threads {
            SystemThread.start(named: "taker", stackSize: 1 << 20) { [monitor] in
                while monitor.wait({ state -> Monitor<State>.Step<Bool> in
                    if state.taken < state.added {
                        state.taken += 1
                        return .done(true)
                    }
                    if state.isOver { return .done(false) }
                    state.looks += 1
                    return .wait
                }) {}
                monitor.withLockNotifyingAll { $0.running -= 1 }
            }
        }
    }

    @Test func whatIsAddedIsTakenThoughOneThreadIsWokenForEach() async {
        start(8)
        for _ in 0..<5_000 { monitor.withLockNotifyingOne { $0.added += 1 } }
        #expect(await eventually { monitor.withLock { $0.taken } == 5_000 })
        monitor.withLockNotifyingAll { $0.isOver = true }
        #expect(await eventually { monitor.withLock { $0.running } == 0 })
    }

    @Test func oneAdditionDoesNotWakeEveryThread() async {
        start(16)
        #expect(await eventually { monitor.withLock { $0.looks } == 16 })
        for count in 1...10 {
            monitor.withLockNotifyingOne { $0.added += 1 }
            #expect(await eventually { monitor.withLock { $0.taken } == count })
        }
        // Whoever took one looks once more; a condition may wake a thread too many now and then (pthread_cond_signal(3)).
        #expect(await eventually { monitor.withLock { $0.looks } >= 26 })
        #expect(monitor.withLock { $0.looks } < 56)
        monitor.withLockNotifyingAll { $0.isOver = true }
        #expect(await eventually { monitor.withLock { $0.running } == 0 })
    }

    @Test func whoWaitsAndSeesTakesNoWakeFromAnother() async {
        monitor.withLockNotifyingAll { $0.running += 1 }
        SystemThread.start(named: "watcher", stackSize: 1 << 20) { [monitor] in
            monitor.wait { $0.isOver ? .done(()) : .waitAndSee }
            monitor.withLockNotifyingAll { $0.running -= 1 }
        }
        start(1)
        for count in 1...100 {
            monitor.withLockNotifyingOne { $0.added += 1 }
            #expect(await eventually { monitor.withLock { $0.taken } == count })
        }
        monitor.withLockNotifyingAll { $0.isOver = true }
        #expect(await eventually { monitor.withLock { $0.running } == 0 })
    }

    @Test func aSleeperIsAskedAgainByTheTimeAlone() {
        let start = Instant.now
        var asked = 0
        monitor.wait { _ -> Monitor<State>.Step<Void> in
            asked += 1
            return asked == 1 ? .sleepUntil(start.advanced(by: .milliseconds(30))) : .done(())
        }
        #expect(asked == 2 && start.duration(to: .now) >= .milliseconds(30))
        // A time that is over already.
        asked = 0
        monitor.wait { _ -> Monitor<State>.Step<Void> in
            asked += 1
            return asked == 1 ? .sleepUntil(start) : .done(())
        }
        #expect(asked == 2)
    }
}
