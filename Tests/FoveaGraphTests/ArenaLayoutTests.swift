import FoveaTesting
import Testing

@testable import FoveaGraph

@Suite struct ArenaLayoutTests {
    @Test func tenantsThatLiveTogetherNeverOverlap() {
        var random = Random(1)
        for _ in 0..<200 {
            let tenants = (0..<random.int(1...30)).map { _ in
                let first = random.int(-1...12)
                return ArenaLayout.Tenant(count: random.int(1...100), first: first, last: first + random.int(0...5))
            }
            check(tenants)
        }
    }

    @Test func plansOfRandomGraphs() throws {
        for seed in 0..<60 { check(PlanCompiler(try RandomGraph.make(seed)).tenants) }
    }

    @Test func aChainNeedsItsTwoLargestNeighbours() {
        let tenants = (0..<10).map { ArenaLayout.Tenant(count: 160, first: $0, last: $0 + 1) }
        #expect(ArenaLayout(tenants).count == 320)
    }

    private func check(_ tenants: [ArenaLayout.Tenant]) {
        let layout = ArenaLayout(tenants)
        for (a, first) in tenants.enumerated() {
            #expect(layout.offsets[a] >= 0 && layout.offsets[a] + first.count <= layout.count && layout.offsets[a] % 16 == 0)
            for (b, second) in tenants.enumerated() where a < b && first.first <= second.last && second.first <= first.last {
                let apart = layout.offsets[a] + first.count <= layout.offsets[b] || layout.offsets[b] + second.count <= layout.offsets[a]
                #expect(apart, "\(first) and \(second)")
            }
        }
    }
}
