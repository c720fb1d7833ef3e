import FoveaCompute

/// Convolutions in thin groups, a block of channels at a time.
///
/// The rows that the windows of an output row read are held in scratch memory, with their padding and, where a group has several inputs,
/// once for each: of the group's input j, every lane of the group has a copy. Then every convolution is a depth-wise one.
struct LaneKernel {
    /// Output positions whose sums are in registers together.
    #if FOVEA_AVX512
    private static var positions: Int { 8 }
    #elseif FOVEA_AVX2
    private static var positions: Int { 4 }
    #else
    private static var positions: Int { 2 }
    #endif

    private let window: WindowGeometry
    /// Inputs of a group.
    private let inputs: Int
    private let columns: Int
    private let heldRows: Int
    private let rows: UnsafeMutablePointer<Float>

    private init(_ step: LaneConvolution, _ scratch: UnsafeMutablePointer<Float>) {
        window = step.geometry.window
        inputs = step.geometry.inputsPerGroup
        columns = step.heldColumns
        heldRows = step.heldRows
        rows = scratch
    }

    static func run(
        _ step: LaneConvolution, _ pass: Pass, _ x: Place, _ weight: Place, to y: Int, then operations: [MapOperation]
    ) {
        let geometry = step.geometry
        let (output, area) = (geometry.window.output, geometry.outputArea)
        let cut = MapCut(
            blocks: Blocked.blocks(geometry.outputChannels), rows: output.height, cost: (output.width &* geometry.depth &+ 15) / 16)
        pass.forEach(blocks: cut.count) { picture, part, scratch in
            let kernel = LaneKernel(step, scratch)
            let (map, weights) = (pass.read(x, picture), pass.read(weight, picture))
            let result = pass.arena(picture) + y
            cut.forEachBlock(of: part) { block, start, end in
                var held = 0
                var oy = start
                while oy < end {
                    kernel.hold(oy, from: map + block &* geometry.inputArea &* 16, &held)
                    kernel.convolve(
                        oy, weights + block &* geometry.depth &* 16, to: result + (block &* area &+ oy &* output.width) &* 16)
                    operations.apply(
                        pass, picture, result, blocks: block..<block &+ 1, oy &* output.width..<(oy &+ 1) &* output.width, area)
                    oy &+= 1
                }
            }
        }
    }

    // MARK: -

    @inline(__always)
    private func row(_ iy: Int) -> UnsafeMutablePointer<Float> {
        rows + iy % heldRows &* inputs &* columns &* 16
    }

    /// Makes the input rows of the output row `oy` be held; those before `held` are already.
    private func hold(_ oy: Int, from map: UnsafePointer<Float>, _ held: inout Int) {
        let top = oy &* window.stride.height &- window.padding.height
        let bottom = min(top &+ (window.kernel.height &- 1) &* window.dilation.height &+ 1, window.input.height)
        var iy = max(held, top)
        while iy < bottom {
            hold(map + iy &* window.input.width &* 16, in: row(iy))
            iy &+= 1
        }
        held = max(held, bottom)
    }

    private func hold(_ line: UnsafePointer<Float>, in row: UnsafeMutablePointer<Float>) {
        let left = min(window.padding.width, columns)
        let right = max(left, min(window.padding.width &+ window.input.width, columns))
        var input = 0
        while input < inputs {
            let target = row + input &* columns &* 16
            clear(target, 0, left)
            clear(target, right, columns)
            input &+= 1
        }
        let (first, count) = (row + left &* 16, right &- left)
        switch inputs {
        case 1: spread(line, count, 1, 0, to: first)
        case 2:
            spread(line, count, 2, 0, to: first)
            spread(line, count, 2, 1, to: first + columns &* 16)
        case 4:
            spread(line, count, 4, 0, to: first)
            spread(line, count, 4, 1, to: first + columns &* 16)
            spread(line, count, 4, 2, to: first + columns &* 32)
            spread(line, count, 4, 3, to: first + columns &* 48)
        default:
            spread(line, count, 8, 0, to: first)
            spread(line, count, 8, 1, to: first + columns &* 16)
            spread(line, count, 8, 2, to: first + columns &* 32)
            spread(line, count, 8, 3, to: first + columns &* 48)
            spread(line, count, 8, 4, to: first + columns &* 64)
            spread(line, count, 8, 5, to: first + columns &* 80)
            spread(line, count, 8, 6, to: first + columns &* 96)
            spread(line, count, 8, 7, to: first + columns &* 112)
        }
    }

    private func clear(_ row: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int) {
        var column = start
        while column < end {
            store(Vector(), row + column &* 16)
            column &+= 1
        }
    }

    /// Writes, for every lane, the number of its group's input `j`. Inlined with constants, so that each vector is one permutation.
    @inline(__always)
    private func spread(_ line: UnsafePointer<Float>, _ count: Int, _ inputs: Int, _ j: Int, to row: UnsafeMutablePointer<Float>) {
        var column = 0
        while column < count {
            let v = load(line + column &* 16)
            let spread = Vector(
                v[j], v[1 / inputs &* inputs &+ j], v[2 / inputs &* inputs &+ j], v[3 / inputs &* inputs &+ j],
                v[4 / inputs &* inputs &+ j], v[5 / inputs &* inputs &+ j], v[6 / inputs &* inputs &+ j], v[7 / inputs &* inputs &+ j],
                v[8 / inputs &* inputs &+ j], v[9 / inputs &* inputs &+ j], v[10 / inputs &* inputs &+ j], v[11 / inputs &* inputs &+ j],
                v[12 / inputs &* inputs &+ j], v[13 / inputs &* inputs &+ j], v[14 / inputs &* inputs &+ j], v[15 / inputs &* inputs &+ j])
            store(spread, row + column &* 16)
            column &+= 1
        }
    }

    /// One output row from the held rows. Positions behind its end are computed and not stored.
    private func convolve(_ oy: Int, _ weights: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let width = window.output.width
        let (next, tap) = (window.stride.width &* 16, window.dilation.width &* 16)
        let top = oy &* window.stride.height &- window.padding.height
        var ox = 0
        while ox < width {
            // Every sum is a variable of its own, since only those are sure to live in registers.
            var (s0, s1, s2, s3) = (Vector(), Vector(), Vector(), Vector())
            var (s4, s5, s6, s7) = (Vector(), Vector(), Vector(), Vector())
            var ky = 0
            while ky < window.kernel.height {
                let iy = top &+ ky &* window.dilation.height
                if iy >= 0 && iy < window.input.height {
                    var line = UnsafePointer(row(iy) + ox &* next)
                    var input = 0
                    while input < inputs {
                        var weight = weights + (input &* window.kernel.height &+ ky) &* window.kernel.width &* 16
                        let end = weight + window.kernel.width &* 16
                        var source = line
                        while weight < end {
                            let w = load(weight)
                            s0 = multiplyAdd(s0, w, load(source))
                            s1 = multiplyAdd(s1, w, load(source + next))
                            if Self.positions > 2 {
                                s2 = multiplyAdd(s2, w, load(source + 2 &* next))
                                s3 = multiplyAdd(s3, w, load(source + 3 &* next))
                            }
                            if Self.positions > 4 {
                                s4 = multiplyAdd(s4, w, load(source + 4 &* next))
                                s5 = multiplyAdd(s5, w, load(source + 5 &* next))
                                s6 = multiplyAdd(s6, w, load(source + 6 &* next))
                                s7 = multiplyAdd(s7, w, load(source + 7 &* next))
                            }
                            weight += 16
                            source += tap
                        }
                        line += columns &* 16
                        input &+= 1
                    }
                }
                ky &+= 1
            }
            let (target, left) = (y + ox &* 16, width &- ox)
            store(s0, target)
            if left > 1 { store(s1, target + 16) }
            if Self.positions > 2 {
                if left > 2 { store(s2, target + 32) }
                if left > 3 { store(s3, target + 48) }
            }
            if Self.positions > 4 {
                if left > 4 { store(s4, target + 64) }
                if left > 5 { store(s5, target + 80) }
                if left > 6 { store(s6, target + 96) }
                if left > 7 { store(s7, target + 112) }
            }
            ox &+= Self.positions
        }
    }
}
