import FoveaTesting
import Testing

@testable import FoveaCompute

extension Random {
    mutating func convolution() -> ConvolutionGeometry {
        while true {
            let groups = pick([1, 1, 1, 2, 3, 4, 8])
            let made = ConvolutionGeometry(
                inputChannels: groups * pick([1, 1, 2, 3, 5, 16]), outputChannels: groups * pick([1, 1, 2, 3, 7, 40, 70]), groups: groups,
                window: window())
            if let made { return made }
        }
    }
}

func double(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// The largest difference, in units of the reference's root mean square.
///
/// - Parameter terms: for few values, how many products of two numbers from -1 to 1 each of them sums. Over many values the root mean square is then
///   √terms / 3; the sums of a few may happen to cancel to much less, and the rounding of their terms does not.
func error(_ values: [Float], _ reference: [Double], terms: Double = 0) -> Double {
    guard values.count == reference.count else { return .infinity }
    let rms = (reference.reduce(0) { $0 + $1 * $1 } / Double(max(reference.count, 1))).squareRoot()
    let largest = zip(values, reference).map { abs(Double($0) - $1) }.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
    return largest / max(rms, terms.squareRoot() / 3, 1e-30)
}

/// Runs a kernel on a fresh output that is filled with NaN, so that an element which is never written shows.
func run(
    _ count: Int, scratch: Int = 0, shared: Int = 0, threads: Int = 1, arena: [Float] = [], constants: [Float] = [],
    _ body: (_ lane: Lane, _ y: UnsafeMutablePointer<Float>, _ shared: UnsafeMutablePointer<Float>, _ memory: Memory) -> Void
) -> [Float] {
    var output = [Float](repeating: .nan, count: count)
    var scratchMemory = [Float](repeating: .nan, count: max(scratch * threads, 1))
    var sharedMemory = [Float](repeating: .nan, count: max(shared, 1))
    var arena = arena + [0]
    let constants = constants + [0]
    let team = threads > 1 ? ThreadTeam(threads: threads) : nil
    output.withUnsafeMutableBufferPointer { y in
        scratchMemory.withUnsafeMutableBufferPointer { scratchMemory in
            sharedMemory.withUnsafeMutableBufferPointer { sharedMemory in
                arena.withUnsafeMutableBufferPointer { arena in
                    constants.withUnsafeBufferPointer { constants in
                        guard let y = y.baseAddress, let s = scratchMemory.baseAddress, let shared = sharedMemory.baseAddress,
                            let arena = arena.baseAddress, let constants = constants.baseAddress
                        else { return }
                        let lane = Lane(team: team, limit: threads, scratch: s, scratchCount: scratch)
                        body(lane, y, shared, Memory(arena: arena, constants: constants))
                    }
                }
            }
        }
    }
    return output
}
