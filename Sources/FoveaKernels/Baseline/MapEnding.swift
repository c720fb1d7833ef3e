import FoveaCompute

/// What most layers end with, in one go: gates of the channels, a bias, the sum with another map and a ReLU, in this order; each may be missing.
///
/// What is missing is done with a number that changes no bit: times 1, plus -0, no less than -∞.
struct MapEnding {
    private var factors: UnsafePointer<Float>?
    private var biases: UnsafePointer<Float>?
    private var map: UnsafePointer<Float>?
    private var least = -Float.infinity
    /// How many of the operations these are.
    private(set) var count = 0

    /// Takes the first of some operations as far as they are of that kind.
    init(_ operations: borrowing [MapOperation], _ pass: borrowing Pass, _ picture: Int) {
        while count < operations.count {
            switch operations[count] {
            case .binary(.multiply, let place, .channel, _) where count == 0: factors = pass.read(place, picture)
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

    /// - Parameter y: `count` positions of one block
    /// - Parameter offset: how far behind a map's start they lie
    @inline(__always)
    func apply(_ y: UnsafeMutablePointer<Float>, _ offset: Int, _ block: Int, _ count: Int) {
        guard self.count > 0 else { return }
        let factor = factors.map { load($0 + block &* 16) } ?? Vector(repeating: 1)
        let bias = biases.map { load($0 + block &* 16) } ?? Vector(repeating: -0.0)
        let least = Vector(repeating: least)
        var index = 0
        if let map {
            let other = map + offset
            while index < count {
                let sum = load(y + index &* 16) * factor + bias + load(other + index &* 16)
                store(select(sum .< least, least, sum), y + index &* 16)
                index &+= 1
            }
        } else {
            while index < count {
                let sum = load(y + index &* 16) * factor + bias
                store(select(sum .< least, least, sum), y + index &* 16)
                index &+= 1
            }
        }
    }
}
