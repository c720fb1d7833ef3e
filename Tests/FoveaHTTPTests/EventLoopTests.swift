import Glibc
import Synchronization
import Testing

@testable import FoveaHTTP

@Suite struct EventLoopTests {
    /// What happened, from any thread.
    private final class Journal: Sendable {
        private let entries = Mutex<[String]>([])
        var all: [String] { entries.withLock { $0 } }

        func note(_ entry: String) {
            entries.withLock { $0.append(entry) }
        }

        func has(_ count: Int) async throws -> [String] {
            for _ in 0..<2_000 where all.count < count { try await Task.sleep(for: .milliseconds(5)) }
            return all
        }
    }

    private func started() throws -> EventLoop {
        let loop = EventLoop(label: "fovea-test")
        try loop.start()
        return loop
    }

    private func pipe() throws -> (reads: Int32, writes: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func aLoopThatNeverRanIsLetGoWithItsJobs() {
        weak var loop: EventLoop?
        do {
            let made = EventLoop(label: "fovea-test")
            loop = made
            made.async { made.wake() }
            made.stop()
            made.async { made.wake() }
        }
        #expect(loop == nil)
    }

    @Test func jobsAreDoneInTheirOrderEvenThoseFromBeforeTheStart() async throws {
        let loop = EventLoop(label: "fovea-test")
        let journal = Journal()
        loop.async { journal.note("early") }
        try loop.start()
        // Told from the loop's own thread, so that "second" waits before "first" is done and tells of "third".
        loop.async {
            loop.async {
                journal.note("first")
                loop.async { journal.note("third") }
            }
            loop.async { journal.note("second") }
        }
        #expect(try await journal.has(4) == ["early", "first", "second", "third"])
        loop.stop()
    }

    @Test func jobsOfManyThreadsAreAllDone() async throws {
        try await expectAll { loop, job in
            loop.async(job)
            await Task.yield()
        }
    }

    @Test func whatIsLeftWaitsForTheNextWake() async throws {
        let loop = try started()
        let journal = Journal()
        // Nothing was left that it could be woken for.
        loop.wake()
        try await Task.sleep(for: .milliseconds(30))
        for index in 0..<3 { loop.leave { journal.note("left \(index)") } }
        try await Task.sleep(for: .milliseconds(30))
        #expect(journal.all == [])
        loop.wake()
        #expect(try await journal.has(3) == ["left 0", "left 1", "left 2"])
        loop.leave { journal.note("left 3") }
        loop.async { journal.note("told") }
        #expect(try await journal.has(5).suffix(2) == ["left 3", "told"])
        loop.stop()
    }

    /// Each leaves its job and wakes: no job may stay behind, whoever's wake came first.
    @Test func noWakeIsLost() async throws {
        try await expectAll { loop, job in
            loop.leave(job)
            await Task.yield()
            loop.wake()
        }
    }

    /// Eight tasks give 500 jobs each, and all of them are done.
    private func expectAll(_ give: @escaping @Sendable (EventLoop, @escaping EventLoop.Job) async -> Void) async throws {
        let loop = try started()
        let journal = Journal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { await give(loop) { journal.note("job") } } }
            }
        }
        #expect(try await journal.has(4_000).count == 4_000)
        loop.stop()
    }

    @Test func whatIsToldAfterTheEndIsNotDone() async throws {
        let loop = try started()
        let journal = Journal()
        loop.async { journal.note("before") }
        loop.stop()
        #expect(try await journal.has(1) == ["before"])
        try await Task.sleep(for: .milliseconds(50))
        loop.async { journal.note("after") }
        try await Task.sleep(for: .milliseconds(50))
        #expect(journal.all == ["before"])
    }

    @Test func whatIsDueComesInItsTurn() async throws {
        let loop = try started()
        let journal = Journal()
        loop.async {
            loop.after(.milliseconds(60)) { journal.note("late") }
            loop.after(.milliseconds(5)) { journal.note("soon") }
            loop.after(.zero) { journal.note("now") }
            loop.rest(for: .milliseconds(1))
        }
        #expect(try await journal.has(3) == ["now", "soon", "late"])
        loop.stop()
    }

    @Test func aDescriptorIsToldOfAsLongAsItIsWatched() async throws {
        let loop = try started()
        let journal = Journal()
        let (reads, writes) = try pipe()
        loop.async {
            var watch: EventLoop.Watch?
            watch = loop.add(reads) { interest in
                var bytes = [UInt8](repeating: 0, count: 16)
                let count = read(reads, &bytes, bytes.count)
                journal.note("\(interest.contains(.read)) \(count)")
                guard count == 0, let last = watch else { return }
                loop.remove(last)
                watch = nil
            }
            if let watch { journal.note("\(loop.set([.read], of: watch))") }
        }
        #expect(try await journal.has(1) == ["true"])
        _ = write(writes, "abc", 3)
        #expect(try await journal.has(2).last == "true 3")
        // Its end is told once, since it is let go then.
        close(writes)
        #expect(try await journal.has(3).last == "true 0")
        try await Task.sleep(for: .milliseconds(30))
        #expect(journal.all.count == 3)
        loop.stop()
        close(reads)
    }

    @Test func aBrokenDescriptorThatNobodyAsksAboutIsNotToldOf() async throws {
        let loop = try started()
        let journal = Journal()
        let (reads, writes) = try pipe()
        loop.async {
            let watch = loop.add(reads) { _ in journal.note("told") }
            _ = loop.set([.read], of: watch)
            _ = loop.set([], of: watch)
            close(writes)
            loop.after(.milliseconds(30)) {
                journal.note("over")
                loop.remove(watch)
            }
        }
        #expect(try await journal.has(1) == ["over"])
        loop.stop()
        close(reads)
    }

    @Test func aDescriptorThatCannotBeWatchedIsSaidSo() async throws {
        let loop = try started()
        let journal = Journal()
        loop.async {
            let watch = loop.add(-1) { _ in journal.note("told") }
            journal.note("\(loop.set([.read], of: watch))")
        }
        #expect(try await journal.has(1) == ["false"])
        loop.stop()
    }
}
