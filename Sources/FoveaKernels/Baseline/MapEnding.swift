import FoveaCompute

/// What most layers end with, in one go: a gate, a bias, the sum with another map and a ReLU, in this order; each may be missing.
///
/// What is missing is done with a number that changes no bit: times 1, plus -0, no less than -∞.
struct MapEnding {
    /// What all is multiplied by, and of what each of its numbers is.
    private var gate: (factors: UnsafePointer<Float>, operand: MapOperation.Operand)?
    private var biases: UnsafePointer<Float>?
    private var map: UnsafePointer<Float>?
    private var least = -Float.infinity
    /// How many of the operations these are.
    private(set) var count = 0

    /// Takes the first of some operations as far as they are of that kind.
    init(_ operations: borrowing [MapOperation], _ pass: borrowing Pass, _ picture: Int) {
        while count < operations.count {
            switch operations[count] {
            case .binary(.multiply, let place, let operand, _) where count == 0 && operand != .map:
                gate = (pass.read(place, picture), operand)
            case .binary(.add, let place, .channel, _) where biases == nil && map == nil: biases = pass.read(place, picture)
            case .binary(.add, let place, .map, _) where map == nil: map = pass.read(place, picture)
            case .activation(.relu):
                least = 0
                count &+= 1
                return
            default: return
            }
            count &+= 1
        }
    }

    /// - Parameter x: the block's map
    /// - Parameter y: the block's result, which may be the map
    /// - Parameter offset: how far behind a map's start the block lies
    @inline(__always)
    func apply(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ offset: Int, _ block: Int, _ positions: Range<Int>) {
        guard let gate else { return apply(x, to: y, offset, block, positions) { _ in Vector(repeating: 1) } }
        let factors = gate.factors
        switch gate.operand {
        case .channel, .map:
            let factor = load(factors + block &* 16)
            apply(x, to: y, offset, block, positions) { _ in factor }
        case .position: apply(x, to: y, offset, block, positions) { Vector(repeating: factors[$0]) }
        case .group(let size, let area):
            let groups = GroupLanes(factors, block: block, size: size, area: area)
            apply(x, to: y, offset, block, positions) { groups.load($0) }
        case .one:
            let factor = Vector(repeating: factors[0])
            apply(x, to: y, offset, block, positions) { _ in factor }
        }
    }

    @inline(__always)
    private func apply(
        _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ offset: Int, _ block: Int, _ positions: Range<Int>,
        _ factor: (Int) -> Vector
    ) {
        let bias = biases.map { load($0 + block &* 16) } ?? Vector(repeating: -0.0)
        let least = Vector(repeating: least)
        var position = positions.lowerBound
        if let map {
            let other = map + offset
            while position < positions.upperBound {
                let at = position &* 16
                let sum = load(x + at) * factor(position) + bias + load(other + at)
                store(select(sum .< least, least, sum), y + at)
                position &+= 1
            }
        } else {
            while position < positions.upperBound {
                let at = position &* 16
                let sum = load(x + at) * factor(position) + bias
                store(select(sum .< least, least, sum), y + at)
                position &+= 1
            }
        }
    }
}
