import FoveaCompute

/// Gives every intermediate a place in one block of memory; two that live at the same time never overlap.
struct ArenaLayout: Sendable {
    /// Something that needs memory during the steps `first...last`.
    struct Tenant: Sendable, Hashable {
        /// Numbers
        var count: Int
        var first: Int
        var last: Int
    }

    /// Of each tenant, in numbers from the arena's start.
    let offsets: [Int]
    /// Numbers in all.
    let count: Int

    /// Places start on cache lines.
    private static let alignment = 16

    /// The largest first, each at the lowest place that is free while it lives: simple, and near the optimum for chains with side branches.
    init(_ tenants: [Tenant]) {
        var offsets = [Int](repeating: 0, count: tenants.count)
        var placed: [Int] = []
        var total = 0
        let order = tenants.indices.sorted { (tenants[$0].count, $1) > (tenants[$1].count, $0) }
        for index in order {
            let tenant = tenants[index]
            let neighbours = placed.filter { tenants[$0].first <= tenant.last && tenant.first <= tenants[$0].last }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for neighbour in neighbours {
                if offset + tenant.count <= offsets[neighbour] { break }
                offset = max(offset, Self.aligned(offsets[neighbour] + tenants[neighbour].count))
            }
            offsets[index] = offset
            placed.append(index)
            total = max(total, offset + tenant.count)
        }
        self.offsets = offsets
        count = total
    }

    static func aligned(_ count: Int) -> Int { count.roundedUp(to: alignment) }
}
