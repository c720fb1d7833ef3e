import FoveaCheckpoints
import FoveaGraph
import Testing

/// What the oracle computed, picture by picture.
struct Oracle {
    private let tensors: Checkpoint

    init(_ tensors: Checkpoint) {
        self.tensors = tensors
    }

    /// A tensor's values, one array per picture.
    func pictures(_ name: String) throws -> [[Float]] {
        let tensor = try #require(tensors.tensors[name], "the fixture has no \(name)")
        let values = try tensor.floats()
        let count = try #require(tensor.shape.first)
        let size = values.count / count
        return (0..<count).map { Array(values[($0 * size)..<(($0 + 1) * size)]) }
    }

    /// The shape of one picture's tensor.
    func shape(_ name: String) throws -> [Int] {
        Array(try #require(tensors.tensors[name]).shape.dropFirst())
    }
}

/// The largest difference of two vectors of the same length; infinite where the lengths differ or a value is not a number.
func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

extension Graph {
    /// One pass over pictures, with every map.
    func pass(_ pictures: [[Float]], threads: Int = 1) throws -> [SessionOutput] {
        let session = Session(plan: Plan(self))
        return try session.run(pictures.map { SessionInput(values: $0, taps: Array(taps.indices)) }, threads: threads)
    }
}
