import FoveaSystem
import Testing

@testable import FoveaServing

@Suite struct SchedulerTests {
    final class Picture: SchedulerEntry, @unchecked Sendable {
        let name: String
        let lane: Int
        let deadline: Instant
        var isAbandoned = false

        init(_ name: String, lane: Int, deadline: Instant) {
            (self.name, self.lane, self.deadline) = (name, lane, deadline)
        }
    }

    typealias Subject = Scheduler<Picture>

    let start = Instant.now

    func scheduler(threads: Int = 2, maxBatch: Int = 4, maxQueue: Int = 100, window: Duration = .zero) -> Subject {
        Subject(limits: .init(threads: threads, maxBatch: maxBatch, maxQueue: maxQueue, batchWindow: window))
    }

    @discardableResult
    func add(
        _ name: String, lane: Int = 1, to scheduler: inout Subject, deadline: Duration = .seconds(100), after: Duration = .zero
    ) -> Picture {
        let picture = Picture(name, lane: lane, deadline: start.advanced(by: deadline))
        #expect(reserve(&scheduler, lane: lane, after: after))
        scheduler.enqueue(picture, now: start.advanced(by: after))
        return picture
    }

    func reserve(_ scheduler: inout Subject, lane: Int = 1, after: Duration = .zero) -> Bool {
        scheduler.reserve(lane: lane, now: start.advanced(by: after))
    }

    func dropped(_ scheduler: inout Subject) -> [String] {
        scheduler.takeDropped().map(\.entry.name)
    }

    func batch(_ scheduler: inout Subject, after: Duration = .zero) -> (names: [String], threads: Int)? {
        guard case .run(let batch) = scheduler.next(now: start.advanced(by: after)) else { return nil }
        return (batch.entries.map(\.name), batch.threads)
    }

    @Test func onePictureAloneGetsEveryThread() {
        var subject = scheduler(threads: 8)
        add("a", to: &subject)
        let first = batch(&subject)
        #expect(first?.names == ["a"])
        #expect(first?.threads == 8)
        #expect(subject.freeThreads == 0)
        subject.finish(threads: 8)
        #expect(subject.freeThreads == 8)
        #expect(batch(&subject) == nil)
    }

    @Test func severalPicturesGetAThreadEach() {
        var subject = scheduler(threads: 2)
        add("a", to: &subject)
        add("b", to: &subject)
        let (first, second) = (batch(&subject), batch(&subject))
        #expect(first?.names == ["a"] && first?.threads == 1)
        #expect(second?.names == ["b"] && second?.threads == 1)
    }

    @Test func freeThreadsAreDividedAmongThePicturesThatWait() {
        var subject = scheduler(threads: 8)
        for name in ["a", "b", "c"] { add(name, to: &subject) }
        #expect(batch(&subject)?.threads == 2)
        #expect(batch(&subject)?.threads == 3)
        #expect(batch(&subject)?.threads == 3)
        #expect(subject.freeThreads == 0)
    }

    @Test func aWorkerTakesItsShareButNoMoreThanABatch() {
        var subject = scheduler(threads: 2, maxBatch: 4)
        for index in 0..<20 { add("\(index)", to: &subject) }
        #expect(batch(&subject)?.names == ["0", "1", "2", "3"])
        #expect(batch(&subject)?.names == ["4", "5", "6", "7"])
        #expect(batch(&subject) == nil, "no thread is free")
        subject.finish(threads: 1)
        #expect(batch(&subject)?.names == ["8", "9", "10", "11"])

        var small = scheduler(threads: 2, maxBatch: 4)
        for index in 0..<6 { add("\(index)", to: &small) }
        #expect(batch(&small)?.names.count == 3)
        #expect(batch(&small)?.names.count == 2, "the rest is shared again, so that no worker idles")
    }

    @Test func aFullBatchIsTakenWhileAllOthersAreInAPass() {
        var subject = scheduler(threads: 2, maxBatch: 4)
        for index in 0..<8 { add("\(index)", to: &subject) }
        #expect(batch(&subject)?.names.count == 4)
        #expect(batch(&subject)?.names == ["4", "5", "6", "7"], "and not half of it")

        var short = scheduler(threads: 2, maxBatch: 4)
        for index in 0..<7 { add("\(index)", to: &short) }
        #expect(batch(&short)?.names.count == 4)
        #expect(batch(&short)?.names.count == 2, "what is no full batch is shared")

        var others = scheduler(threads: 2, maxBatch: 4)
        for index in 0..<4 { add("\(index)", lane: 1, to: &others) }
        for index in 4..<7 { add("\(index)", lane: 2, to: &others) }
        #expect(batch(&others)?.names.count == 4)
        #expect(batch(&others)?.names.count == 2, "another model's pictures fill no batch")
    }

    @Test func modelsTakeTurns() {
        var subject = scheduler(threads: 1, maxBatch: 2)
        for index in 0..<6 { add("flood\(index)", lane: 1, to: &subject) }
        add("x", lane: 2, to: &subject)
        add("y", lane: 3, to: &subject)
        var order: [[String]] = []
        while let next = batch(&subject) {
            order.append(next.names)
            subject.finish(threads: next.threads)
        }
        #expect(order == [["flood0", "flood1"], ["x"], ["y"], ["flood2", "flood3"], ["flood4", "flood5"]])
    }

    @Test func aBatchHoldsOneModelOnly() {
        var subject = scheduler(threads: 1, maxBatch: 8)
        for (index, lane) in [1, 2, 1, 2, 1].enumerated() { add("\(index)", lane: lane, to: &subject) }
        #expect(batch(&subject)?.names == ["0", "2", "4"])
        subject.finish(threads: 1)
        #expect(batch(&subject)?.names == ["1", "3"])
    }

    @Test func theQueueIsBoundedFromReservationOn() {
        var subject = scheduler(threads: 1, maxQueue: 2)
        #expect(reserve(&subject))
        add("a", to: &subject)
        #expect(!reserve(&subject), "one waits, one is being prepared")
        subject.release(lane: 1)
        #expect(reserve(&subject))
        #expect(!reserve(&subject))
        #expect(batch(&subject)?.names == ["a"], "what runs does not wait")
        #expect(reserve(&subject))
    }

    @Test func aFloodedModelTakesNoPlaceOfAnother() {
        var subject = scheduler(threads: 1, maxBatch: 2, maxQueue: 3)
        for index in 0..<3 { add("flood\(index)", lane: 1, to: &subject) }
        #expect(!reserve(&subject, lane: 1))
        add("quiet", lane: 2, to: &subject)
        #expect(batch(&subject)?.names == ["flood0", "flood1"])
        subject.finish(threads: 1)
        #expect(batch(&subject)?.names == ["quiet"], "one batch of another model at most lies before it")
        #expect(reserve(&subject, lane: 1))
    }

    /// A minute of two models on one thread, one asked for ten times as much as can be done: the other gets every answer it asks for, and at once.
    @Test func aQuietModelIsServedInFullBesideAFloodedOne() {
        var subject = scheduler(threads: 1, maxBatch: 4, maxQueue: 16)
        let step = Duration.milliseconds(1)
        var (now, busyUntil) = (start, start)
        var running: Subject.Batch?
        var served = [1: 0, 2: 0]
        var (asked, longestWait) = (0, Duration.zero)
        var arrivals: [String: Instant] = [:]
        for tick in 0..<60_000 {
            now = now.advanced(by: step)
            if now >= busyUntil, let done = running {
                subject.finish(threads: done.threads)
                running = nil
            }
            // A picture takes 10 ms: 100 a second are sustainable, 1000 are asked for.
            if subject.reserve(lane: 1, now: now) {
                subject.enqueue(Picture("flood", lane: 1, deadline: now.advanced(by: .seconds(10))), now: now)
            }
            if tick % 50 == 0 {
                asked += 1
                let isReserved = subject.reserve(lane: 2, now: now)
                #expect(isReserved)
                subject.enqueue(Picture("\(tick)", lane: 2, deadline: now.advanced(by: .seconds(10))), now: now)
                arrivals["\(tick)"] = now
            }
            if running == nil, case .run(let batch) = subject.next(now: now) {
                running = batch
                busyUntil = now.advanced(by: .milliseconds(10 * batch.entries.count))
                served[batch.entries[0].lane, default: 0] += batch.entries.count
                for entry in batch.entries {
                    if let arrival = arrivals[entry.name] { longestWait = max(longestWait, arrival.duration(to: now)) }
                }
            }
        }
        #expect(dropped(&subject).isEmpty, "whoever got a place got a pass in time")
        #expect(asked - (served[2] ?? 0) <= 1)
        #expect(longestWait <= .milliseconds(50), "one batch of the other model, and one step")
        #expect(served.values.reduce(0, +) >= 5_990, "and no time was lost over it")
    }

    @Test func aFullQueueIsNotSearchedForEveryRefusal() {
        var subject = scheduler(threads: 1, maxQueue: 1)
        let picture = add("a", to: &subject)
        #expect(!reserve(&subject, after: .seconds(1)))
        picture.isAbandoned = true
        #expect(!reserve(&subject, after: .seconds(1) + .microseconds(500)), "searched half a millisecond ago")
        #expect(reserve(&subject, after: .seconds(1) + .milliseconds(2)))
    }

    @Test func aFullQueueLetsGoOfPicturesThatNobodyWaitsFor() {
        var subject = scheduler(threads: 1, maxQueue: 2)
        let gone = add("gone", to: &subject)
        add("late", to: &subject, deadline: .seconds(1))
        #expect(!reserve(&subject))
        gone.isAbandoned = true
        #expect(reserve(&subject, after: .seconds(2)))
        let left = subject.takeDropped()
        #expect(left.map(\.entry.name) == ["gone", "late"])
        #expect(left.map(\.reason) == [.abandoned, .deadlinePassed])
        #expect(subject.waiting == 0 && subject.reserved == 1)
        #expect(dropped(&subject).isEmpty)
    }

    @Test func theDeadAreDroppedWhenABatchForms() {
        var subject = scheduler(threads: 1, maxBatch: 8)
        let pictures = ["a", "b", "c", "d"].map { add($0, to: &subject, deadline: $0 == "c" ? .seconds(1) : .seconds(9)) }
        pictures[0].isAbandoned = true
        #expect(batch(&subject, after: .seconds(1))?.names == ["b", "d"], "a deadline that is now has passed")
        #expect(dropped(&subject) == ["a", "c"])
        #expect(subject.waiting == 0)
    }

    @Test func aLaneOfTheDeadDoesNotHoldUpOthers() {
        var subject = scheduler(threads: 1)
        add("dead", lane: 1, to: &subject).isAbandoned = true
        add("alive", lane: 2, to: &subject)
        #expect(batch(&subject)?.names == ["alive"])
        #expect(dropped(&subject) == ["dead"])
        subject.finish(threads: 1)
        add("again", lane: 1, to: &subject)
        #expect(batch(&subject)?.names == ["again"])
    }

    @Test func theEarliestDeadlineIsKnown() {
        var subject = scheduler()
        #expect(subject.earliestDeadline == nil)
        add("a", lane: 1, to: &subject, deadline: .seconds(5))
        add("b", lane: 2, to: &subject, deadline: .seconds(3))
        #expect(subject.earliestDeadline == start.advanced(by: .seconds(3)))
        subject.sweep(now: start.advanced(by: .seconds(4)))
        #expect(dropped(&subject) == ["b"])
        #expect(subject.earliestDeadline == start.advanced(by: .seconds(5)))
    }

    @Test func aWindowWaitsForCompanyButNotForEver() {
        var subject = scheduler(threads: 2, maxBatch: 3, window: .milliseconds(10))
        add("a", to: &subject)
        add("b", to: &subject, after: .milliseconds(4))
        guard case .wait(let until) = subject.next(now: start.advanced(by: .milliseconds(5))) else {
            Issue.record("should wait")
            return
        }
        #expect(until == start.advanced(by: .milliseconds(10)))
        #expect(batch(&subject, after: .milliseconds(10))?.names == ["a", "b"])

        subject.finish(threads: 2)
        for name in ["c", "d", "e", "f"] { add(name, to: &subject, after: .milliseconds(20)) }
        #expect(batch(&subject, after: .milliseconds(20))?.names == ["c", "d", "e"], "a full batch does not wait")
    }

    @Test func noThreadIsLostOrMadeUpOverManySteps() {
        var subject = scheduler(threads: 5, maxBatch: 3, maxQueue: 1000)
        var seed: UInt64 = 42
        func random(_ bound: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % bound)
        }
        var running: [Subject.Batch] = []
        var (added, run) = (0, 0)
        for _ in 0..<5000 {
            switch random(3) {
            case 0:
                add("\(added)", lane: random(4), to: &subject)
                added += 1
            case 1:
                if case .run(let batch) = subject.next(now: start) {
                    #expect((1...3).contains(batch.entries.count) && batch.threads >= 1)
                    #expect(Set(batch.entries.map(\.lane)).count == 1)
                    run += batch.entries.count
                    running.append(batch)
                } else {
                    #expect(subject.waiting == 0 || subject.freeThreads == 0, "work-conserving")
                }
            default:
                if !running.isEmpty { subject.finish(threads: running.remove(at: random(UInt64(running.count))).threads) }
            }
            #expect(subject.freeThreads + running.reduce(0) { $0 + $1.threads } == 5)
            #expect(added == run + subject.waiting)
        }
    }
}
