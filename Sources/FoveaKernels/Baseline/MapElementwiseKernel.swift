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
                if case .map = step.base {
                    return operations.apply(pass, picture, target, from: source, blocks: block..<block &+ 1, start..<end, area)
                }
                var first = start
                while first < end {
                    let last = min(first &+ positions, end)
                    spread(step.base, source, block, area, first, last, to: target)
                    operations.apply(pass, picture, target, blocks: block..<block &+ 1, first..<last, area)
                    first = last
                }
            }
        }
    }

    @inline(__always)
    private static func spread(
        _ base: MapOperation.Operand, _ x: UnsafePointer<Float>, _ block: Int, _ area: Int, _ start: Int, _ end: Int,
        to y: UnsafeMutablePointer<Float>
    ) {
        let target = y + block &* area &* 16
        switch base {
        case .map: fill(target, start, end) { load(x + (block &* area &+ $0) &* 16) }
        case .channel:
            let value = load(x + block &* 16)
            fill(target, start, end) { _ in value }
        case .position: fill(target, start, end) { Vector(repeating: x[$0]) }
        case .group(let size, let area):
            let groups = GroupLanes(x, block: block, size: size, area: area)
            fill(target, start, end) { groups.load($0) }
        case .one:
            let value = Vector(repeating: x[0])
            fill(target, start, end) { _ in value }
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
