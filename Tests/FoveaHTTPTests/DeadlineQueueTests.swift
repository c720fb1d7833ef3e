import FoveaSystem
import Testing

@testable import FoveaHTTP

@Suite struct DeadlineQueueTests {
    private let start = Instant.now
    private var queue = DeadlineQueue<Int>()

    private func at(_ milliseconds: Int) -> Instant { start.advanced(by: .milliseconds(milliseconds)) }

    private mutating func due(at milliseconds: Int, most: Int = .max) -> [Int] {
        queue.takeDue(at: at(milliseconds), most: most)
    }

    @Test mutating func membersComeWhenTheyAreDueAndOnce() {
        for (member, due) in [(1, 30), (2, 10), (3, 20)] { queue.add(member, by: at(due)) }
        #expect(queue.next == at(10))
        #expect(due(at: 9).isEmpty)
        #expect(due(at: 20) == [2, 3])
        #expect(due(at: 29).isEmpty)
        #expect(due(at: 30) == [1])
        #expect(due(at: 1_000).isEmpty)
        #expect(queue.next == nil)
    }

    @Test mutating func theEarliestWishCounts() {
        queue.add(1, by: at(20))
        queue.add(1, by: at(40))
        #expect(due(at: 20) == [1])
        #expect(due(at: 40).isEmpty)
        queue.add(1, by: at(90))
        queue.add(1, by: at(60))
        #expect(due(at: 60) == [1])
        #expect(due(at: 90).isEmpty)
    }

    @Test mutating func whoIsGoneIsNotDue() {
        queue.add(1, by: at(10))
        queue.add(2, by: at(10))
        queue.remove(1)
        #expect(due(at: 10) == [2])
        // A new one by the old name has its own time.
        queue.add(3, by: at(20))
        queue.remove(3)
        queue.add(3, by: at(30))
        #expect(due(at: 20).isEmpty)
        #expect(due(at: 30) == [3])
    }

    @Test mutating func manyAtOnceComeInTurns() {
        for member in 0..<10 { queue.add(member, by: at(member)) }
        #expect(due(at: 50, most: 4) == [0, 1, 2, 3])
        #expect(due(at: 50, most: 4) == [4, 5, 6, 7])
        #expect(due(at: 50, most: 4) == [8, 9])
    }

    /// Against sorting all wishes.
    @Test mutating func randomWishes() {
        var random = SplitMix64(seed: 7)
        var wishes: [Int: Int] = [:]
        for step in 0..<2_000 {
            let member = Int(random.next() % 50)
            switch random.next() % 8 {
            case 0:
                queue.remove(member)
                wishes[member] = nil
            case 1:
                let most = Int(random.next() % 6)
                let expected = wishes.filter { $0.value <= step }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
                let taken = queue.takeDue(at: at(step), most: most)
                #expect(taken.count == min(most, expected.count))
                #expect(taken.map { wishes[$0] } == expected.prefix(most).map { $0.value })
                for member in taken { wishes[member] = nil }
            default:
                let due = step + Int(random.next() % 400)
                queue.add(member, by: at(due))
                wishes[member] = min(wishes[member] ?? .max, due)
            }
        }
    }
}
