import CFoveaProcessor
import FoveaCompute

/// The way back through a linear layer, Wᵀ g, from the weights as the way forward reads them.
///
/// A panel's row holds the weights of one input for 32 outputs: its product with the outputs' gradients is a vector of partial sums of that
/// input. These stay in cache over all panels and are added up across their lanes once, at the end.
enum TransposedLinearKernel<Weights: PanelWeights> {
    /// Rows that share a load of the weights; their gradients stay in registers.
    #if FOVEA_AVX512
    private static var held: Int { 4 }
    #elseif FOVEA_AVX2
    private static var held: Int { 2 }
    #else
    private static var held: Int { 1 }
    #endif

    static func run(
        _ step: LinearProduct, _ lane: Lane, _ weight: UnsafePointer<Float>, _ g: UnsafePointer<Float>, rows: Int,
        to z: UnsafeMutablePointer<Float>
    ) {
        let weights = UnsafeRawPointer(weight)
        lane.forEachRange(of: step.inputs, by: step.transposedInputs(rows: rows)) { range, _ in
            withUnsafeTemporaryAllocation(byteCount: rows &* range.count &* 64, alignment: 64) { memory in
                guard let start = memory.baseAddress else { return }
                let sums = start.bindMemory(to: Float.self, capacity: rows &* range.count &* 16)
                for panel in 0..<step.panels.number { add(step, panel, range, weights, g, rows, to: sums) }
                for row in 0..<rows {
                    for index in 0..<range.count {
                        z[row &* step.inputs &+ range.lowerBound &+ index] = sum(load(sums + (row &* range.count &+ index) &* 16))
                    }
                }
            }
        }
    }

    /// Adds one panel's products: [row, input, 16].
    @inline(__always)
    private static func add(
        _ step: LinearProduct, _ panel: Int, _ range: Range<Int>, _ weights: UnsafeRawPointer, _ g: UnsafePointer<Float>, _ rows: Int,
        to sums: UnsafeMutablePointer<Float>
    ) {
        let width = step.panels.width(panel)
        let bytes = width &* Weights.size
        let start = weights + step.panels.start(panel) &* Weights.size
        // The next panel's stretch lies far from this one: it would come too late if it were not asked for by now.
        var next: UnsafeRawPointer?
        if panel &+ 1 < step.panels.number {
            next = start + (step.panels.depth &* bytes &+ range.lowerBound &* step.panels.width(panel &+ 1) &* Weights.size)
        }
        var row = 0
        while row < rows {
            let stretch = TransposedStretch(
                weights: start + range.lowerBound &* bytes, width: width, inputs: range.count,
                gradients: g + (row &* step.transposedRow &+ panel &* Panels.width), stride: step.transposedRow,
                sums: sums + row &* range.count &* 16, isFirst: panel == 0, next: row == 0 ? next : nil, lines: (bytes &+ 63) / 64)
            let count = min(held, rows &- row)
            switch count {
            #if FOVEA_AVX512
            case 4: TransposedSums<Weights, 4>.run(stretch)
            case 3: TransposedSums<Weights, 3>.run(stretch)
            #endif
            #if FOVEA_AVX512 || FOVEA_AVX2
            case 2: TransposedSums<Weights, 2>.run(stretch)
            #endif
            default: TransposedSums<Weights, 1>.run(stretch)
            }
            row &+= count
        }
    }

    /// The sum of a vector's lanes, in one order for every instruction set.
    @inline(__always)
    private static func sum(_ v: Vector) -> Float {
        let eight = v.lowHalf + v.highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }
}

/// Neighbouring inputs of one panel, and the gradients of its 32 or 16 outputs for some rows.
struct TransposedStretch {
    var weights: UnsafeRawPointer
    var width: Int
    var inputs: Int
    /// Of the first row; the others lie `stride` numbers apart.
    var gradients: UnsafePointer<Float>
    var stride: Int
    /// [row, input, 16]
    var sums: UnsafeMutablePointer<Float>
    /// Whether the sums begin here.
    var isFirst: Bool
    /// What will be read next, asked for by so many cache lines an input.
    var next: UnsafeRawPointer?
    var lines: Int
}

/// The partial sums of one to four rows; the number is the type's, so that each has a loop without a branch.
enum TransposedSums<Weights: PanelWeights, let rows: Int> {
    @inline(never)
    static func run(_ stretch: TransposedStretch) {
        let (width, inputs) = (stretch.width, stretch.inputs)
        let isWide = width == 32
        func gradient(_ row: Int, _ column: Int) -> Vector {
            row < rows && (column == 0 || isWide) ? load(stretch.gradients + (row &* stretch.stride &+ column)) : Vector()
        }
        let (a0, a1, a2, a3) = (gradient(0, 0), gradient(1, 0), gradient(2, 0), gradient(3, 0))
        let (b0, b1, b2, b3) = (gradient(0, 16), gradient(1, 16), gradient(2, 16), gradient(3, 16))
        let (first, apart) = (stretch.isFirst, inputs &* 16)
        var line = stretch.next ?? stretch.weights
        let lines = stretch.next == nil ? 0 : stretch.lines
        var (weight, target) = (0, stretch.sums)
        var input = 0
        while input < inputs {
            var asked = 0
            while asked < lines {
                fovea_prefetch(line)
                line += 64
                asked &+= 1
            }
            let u = Weights.load(stretch.weights, weight, 0, width)
            let v = isWide ? Weights.load(stretch.weights, weight, 16, width) : Vector()
            join(u, v, a0, b0, target, first)
            if rows > 1 { join(u, v, a1, b1, target + apart, first) }
            if rows > 2 { join(u, v, a2, b2, target + 2 &* apart, first) }
            if rows > 3 { join(u, v, a3, b3, target + 3 &* apart, first) }
            weight &+= width
            target += 16
            input &+= 1
        }
    }

    @inline(__always)
    private static func join(
        _ u: Vector, _ v: Vector, _ a: Vector, _ b: Vector, _ target: UnsafeMutablePointer<Float>, _ first: Bool
    ) {
        store(multiplyAdd(multiplyAdd(first ? Vector() : load(target), u, a), v, b), target)
    }
}
