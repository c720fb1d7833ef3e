import FoveaCompute

/// Chains of operations on the elements of a blocked map.
enum MapElementwiseKernel {
    /// Positions that go through the whole chain while they are in the first-level cache.
    private static var positions: Int { 64 }

    static func run(_ step: MapElementwise, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        let area = step.area
        let cut = MapCut(blocks: Blocked.blocks(step.channels), rows: area)
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (source, target) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                var first = start
                while first < end {
                    let last = min(first &+ positions, end)
                    copy(step.base, source, block, area, first, last, to: target)
                    operations.apply(pass, picture, target, blocks: block..<block &+ 1, first..<last, area)
                    first = last
                }
            }
        }
    }

    @inline(__always)
    private static func copy(
        _ base: MapOperation.Operand, _ x: UnsafePointer<Float>, _ block: Int, _ area: Int, _ start: Int, _ end: Int,
        to y: UnsafeMutablePointer<Float>
    ) {
        let row = block &* area
        switch base {
        case .map:
            // In place, there is nothing to copy.
            if x != UnsafePointer(y) { fill(y + row &* 16, start, end) { load(x + (row &+ $0) &* 16) } }
        case .channel:
            let value = load(x + block &* 16)
            fill(y + row &* 16, start, end) { _ in value }
        case .position: fill(y + row &* 16, start, end) { Vector(repeating: x[$0]) }
        case .group(let size, let area):
            let groups = GroupLanes(x, block: block, size: size, area: area)
            fill(y + row &* 16, start, end) { groups.load($0) }
        case .one:
            let value = Vector(repeating: x[0])
            fill(y + row &* 16, start, end) { _ in value }
        }
    }

    @inline(__always)
    private static func fill(_ y: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int, _ value: (Int) -> Vector) {
        var position = start
        while position < end {
            store(value(position), y + position &* 16)
            position &+= 1
        }
    }
}
