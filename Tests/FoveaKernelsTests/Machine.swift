import FoveaKernels
import FoveaTesting

@testable import FoveaCompute

/// A pass over some pictures: arenas full of NaN but for what a test puts there, so that an element which is never written shows.
struct Machine {
    let kernels: any KernelSet.Type
    var threads = 1
    var scratch = 0
    /// What each picture's arena holds, each part from a multiple of 16 on.
    var pictures: [[Part]]
    var constants: [Float] = []

    enum Part {
        case values([Float])
        /// Room for so many numbers.
        case room(Int)

        var count: Int {
            switch self {
            case .values(let values): values.count
            case .room(let count): count
            }
        }
    }

    /// All instruction sets that this machine runs.
    static var all: [any KernelSet.Type] { InstructionSet.allCases.filter(\.isSupported).map(\.kernels) }

    /// Where the parts of a picture start.
    var offsets: [Int] {
        var next = 0
        return (pictures.first ?? []).map { part in
            defer { next = (next + part.count + 15) / 16 * 16 }
            return next
        }
    }

    /// Runs `body` and returns `count` numbers of each picture's part `part`.
    func run(reading part: Int, _ count: Int, _ body: (Pass) -> Void) -> [[Float]] {
        let offsets = offsets
        let stride = ((offsets.last ?? 0) + (pictures.first?.last?.count ?? 0) + 31) / 16 * 16
        // As a session's are, on a cache line.
        let arenas = UnsafeMutableRawPointer.allocate(byteCount: max(4 * stride * pictures.count, 1), alignment: 64)
            .bindMemory(to: Float.self, capacity: stride * pictures.count)
        arenas.initialize(repeating: .nan, count: stride * pictures.count)
        defer { arenas.deallocate() }
        for (picture, parts) in pictures.enumerated() {
            for case (let index, .values(let values)) in parts.enumerated() {
                for (i, value) in values.enumerated() { arenas[picture * stride + offsets[index] + i] = value }
            }
        }
        var scratchMemory = [Float](repeating: .nan, count: max(scratch * threads, 1))
        let constants = constants + [Float](repeating: .nan, count: 16)
        let team = threads > 1 ? ThreadTeam(threads: threads) : nil
        let indices = Array(pictures.indices)
        scratchMemory.withUnsafeMutableBufferPointer { scratchMemory in
            constants.withUnsafeBufferPointer { constants in
                indices.withUnsafeBufferPointer { indices in
                    guard let memory = scratchMemory.baseAddress, let constants = constants.baseAddress else { return }
                    let lane = Lane(team: team, limit: threads, scratch: memory, scratchCount: scratch)
                    body(Pass(lane: lane, arenas: arenas, stride: stride, pictures: indices, constants: constants))
                }
            }
        }
        return pictures.indices.map { Array(UnsafeBufferPointer(start: arenas + $0 * stride + offsets[part], count: count)) }
    }
}

/// A row-major map [channels, area] as blocks; the lanes behind the last channel hold NaN, which no result may depend on.
func blocked(_ map: [Float], channels: Int) -> [Float] {
    let area = map.count / channels
    var blocks = [Float](repeating: .nan, count: Blocked.count(channels: channels, area: area))
    for channel in 0..<channels {
        for position in 0..<area { blocks[(channel / 16 * area + position) * 16 + channel % 16] = map[channel * area + position] }
    }
    return blocks
}

/// A blocked map as a row-major one.
func unblocked(_ map: [Float], channels: Int) -> [Float] {
    let area = map.count / (Blocked.blocks(channels) * 16)
    return (0..<channels * area).map { map[($0 / area / 16 * area + $0 % area) * 16 + $0 / area % 16] }
}

extension Precision {
    /// A weight as it is stored.
    func rounded(_ weight: Float) -> Float {
        switch self {
        case .float32: weight
        case .bfloat16: Float(bitPattern: UInt32(WeightWriter.bfloat16(weight)) << 16)
        case .fixed16: Float(WeightWriter.fixed16(weight))
        }
    }
}

extension Random {
    /// Weights from -1 to 1, or as far as the precision's numbers go.
    mutating func weights(_ count: Int, _ precision: Precision) -> [Float] {
        let end = precision == .fixed16 ? Float(Precision.largestFixed16) : 1
        return floats(count).map { $0 * end }
    }
}

func double(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// The largest difference, in units of the reference's root mean square.
///
/// - Parameter terms: for few values, how many products of two numbers from -1 to 1 each of them sums. Over many values the root mean square is then
///   √terms / 3; the sums of a few may happen to cancel to much less, and the rounding of their terms does not.
func error(_ values: [Float], _ reference: [Double], terms: Int = 0) -> Double {
    guard values.count == reference.count else { return .infinity }
    let rms = (reference.reduce(0) { $0 + $1 * $1 } / Double(max(reference.count, 1))).squareRoot()
    let largest = zip(values, reference).map { abs(Double($0) - $1) }.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
    return largest / max(rms, Double(terms).squareRoot() / 3, 1e-30)
}

/// Weights as a step's `pack` writes them.
func packed(_ count: Int, _ weight: [Float], depth: Int, _ pack: (ScaledFilters, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    var packed = [Float](repeating: 0, count: count)
    packed.withUnsafeMutableBufferPointer { packed in
        weight.withUnsafeBufferPointer { weight in
            guard let packed = packed.baseAddress else { return }
            pack(ScaledFilters(weight, depth: depth, scale: nil), packed)
        }
    }
    return packed
}
