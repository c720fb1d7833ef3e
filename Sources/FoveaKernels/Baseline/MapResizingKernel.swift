import FoveaCompute

/// Adaptive average pooling and nearest-neighbour upsampling of blocked maps.
enum MapResizingKernel {
    static func run(_ step: MapResizing, _ pass: Pass, _ x: Place, to y: Int, then operations: [MapOperation]) {
        let (input, output) = (step.input, step.output)
        let cut = MapCut(
            blocks: Blocked.blocks(step.channels), rows: output.height, cost: max(output.width, input.area / output.height))
        pass.forEach(blocks: cut.count) { picture, part, _ in
            let (map, result) = (pass.read(x, picture), pass.arena(picture) + y)
            cut.forEachBlock(of: part) { block, start, end in
                let source = map + block &* input.area &* 16
                let target = result + block &* output.area &* 16
                var oy = start
                while oy < end {
                    let line = target + oy &* output.width &* 16
                    if step.kind == .nearest { nearest(step, oy, source, to: line) } else { average(step, oy, source, to: line) }
                    oy &+= 1
                }
                operations.apply(
                    pass, picture, result, blocks: block..<block &+ 1, start &* output.width..<end &* output.width, output.area)
            }
        }
    }

    private static func nearest(_ step: MapResizing, _ oy: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let (input, output) = (step.input, step.output)
        let line = x + NearestAxis(input.height, to: output.height)[oy] &* input.width &* 16
        let columns = NearestAxis(input.width, to: output.width)
        var ox = 0
        while ox < output.width {
            store(load(line + columns[ox] &* 16), y + ox &* 16)
            ox &+= 1
        }
    }

    /// Position i of n is the mean of the rows ⌊i·H/n⌋ up to, not including, ⌈(i+1)·H/n⌉.
    private static func average(_ step: MapResizing, _ oy: Int, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let (input, output) = (step.input, step.output)
        let top = oy &* input.height / output.height
        let bottom = ((oy &+ 1) &* input.height &+ output.height &- 1) / output.height
        var ox = 0
        while ox < output.width {
            let left = ox &* input.width / output.width
            let right = ((ox &+ 1) &* input.width &+ output.width &- 1) / output.width
            var sum = Vector()
            var iy = top
            while iy < bottom {
                // Each row is summed on its own: short sums keep float32's digits.
                var line = Vector()
                var ix = left
                while ix < right {
                    line += load(x + (iy &* input.width &+ ix) &* 16)
                    ix &+= 1
                }
                sum += line
                iy &+= 1
            }
            store(sum / Vector(repeating: Float((bottom &- top) &* (right &- left))), y + ox &* 16)
            ox &+= 1
        }
    }
}
