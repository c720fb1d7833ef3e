import CFoveaProcessor
import FoveaCompute

/// Moves tiles between maps and their transforms, a register of channels at a time.
struct WinogradTiles {
    private let step: WinogradConvolution
    private let window: WindowGeometry
    /// A patch of a map, and a tile of which one axis is transformed: 81 vectors each, at most.
    private let patch: UnsafeMutablePointer<Float>
    let half: UnsafeMutablePointer<Float>

    /// - Parameter scratch: `WinogradConvolution.patchCount` numbers
    init(_ step: WinogradConvolution, _ scratch: UnsafeMutablePointer<Float>) {
        self.step = step
        window = step.geometry.window
        patch = scratch
        half = scratch + 81 * 16
    }

    /// Runs `body` for every block of channels of every picture of a pass, with its map, scaled by the picture's gates.
    static func forEachBlock(
        _ step: WinogradConvolution, _ pass: Pass, _ x: Place, gates: Place?,
        _ body: (_ tiles: WinogradTiles, _ picture: Int, _ block: Int, _ map: UnsafePointer<Float>) -> Void
    ) {
        let area = step.geometry.inputArea
        pass.forEach(blocks: step.inputBlocks) { picture, block, scratch in
            var map = pass.read(x, picture) + block &* area &* 16
            if let gates {
                let scaled = scratch + WinogradConvolution.patchCount
                scalePositions(map, by: load(pass.read(gates, picture) + block &* 16), area, to: scaled)
                map = UnsafePointer(scaled)
            }
            body(WinogradTiles(step, scratch), picture, block, map)
        }
    }

    /// Transforms the tiles `tiles` of one block of channels.
    ///
    /// - Parameter map: the block's map, [H, W, 16]
    /// - Parameter target: the first point's first tile; `stride` numbers from one point to the next
    /// - Parameter phase: of a convolution that moves by two, numbers from one phase to the next
    func transformInput(
        _ map: UnsafePointer<Float>, _ tiles: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int, phase: Int = 0
    ) {
        let (size, step) = (window.input, self.step)
        var (row, column) = tiles.lowerBound.quotientAndRemainder(dividingBy: step.tilesWide)
        let (side, move) = (step.side, step.tile &* step.stride)
        for index in 0..<tiles.count {
            let (y, x) = (row &* move &- window.padding.height, column &* move &- window.padding.width)
            let isInside = y >= 0 && x >= 0 && y &+ side <= size.height && x &+ side <= size.width
            if isInside {
                transform(map + (y &* size.width &+ x) &* 16, size.width &* 16, target + index &* 16, stride, phase)
            } else {
                // A tile at the edge is copied with its padding first.
                let (first, last) = (min(max(0, x), size.width), max(0, min(x &+ side, size.width)))
                var vector = patch
                for i in y..<y &+ side {
                    let isInside = i >= 0 && i < size.height
                    let (from, to) = isInside && first < last ? (first, last) : (x &+ side, x &+ side)
                    var source = map + (i &* size.width &+ from) &* 16
                    for j in x..<x &+ side {
                        if j >= from && j < to {
                            store(load(source), vector)
                            source += 16
                        } else {
                            store(Vector(), vector)
                        }
                        vector += 16
                    }
                }
                transform(UnsafePointer(patch), side &* 16, target + index &* 16, stride, phase)
            }
            column &+= 1
            if column == step.tilesWide { (row, column) = (row &+ 1, 0) }
        }
    }

    @inline(__always)
    private func transform(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int, _ phase: Int) {
        if step.stride == 2 {
            transformPhases(d, line, v, stride, phase)
        } else if step.tile == 4 {
            transform4(d, line, v, stride)
        } else {
            transform2(d, line, v, stride)
        }
    }

    /// Bᵀ d B: the columns first, then the rows.
    @inline(never)
    private func transform4(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int) {
        forEachRegister(of: 6) { j in
            let p = d + j
            let t = WinogradTransform4.input(
                loadRegister(p), loadRegister(p + line), loadRegister(p + 2 &* line), loadRegister(p + 3 &* line),
                loadRegister(p + 4 &* line), loadRegister(p + 5 &* line))
            store(t, half + j, stride: 96)
        }
        var (q, p) = (half, v)
        for _ in 0..<6 {
            forEachRegister { lane in
                let q = q + lane
                let t = WinogradTransform4.input(
                    loadRegister(q), loadRegister(q + 16), loadRegister(q + 32), loadRegister(q + 48), loadRegister(q + 64),
                    loadRegister(q + 80))
                store(t, p + lane, stride: stride)
            }
            q += 96
            p += 6 &* stride
        }
    }

    @inline(never)
    private func transform2(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int) {
        forEachRegister(of: 4) { j in
            let p = d + j
            let t = WinogradTransform2.input(
                loadRegister(p), loadRegister(p + line), loadRegister(p + 2 &* line), loadRegister(p + 3 &* line))
            store(t, half + j, stride: 64)
        }
        var (q, p) = (half, v)
        for _ in 0..<4 {
            forEachRegister { lane in
                let q = q + lane
                let t = WinogradTransform2.input(
                    loadRegister(q), loadRegister(q + 16), loadRegister(q + 32), loadRegister(q + 48))
                store(t, p + lane, stride: stride)
            }
            q += 64
            p += 4 &* stride
        }
    }

    /// Transforms the products of the tiles `tiles` of one block of channels back and writes what lies inside the map.
    ///
    /// - Parameter source: the first point's first tile; `stride` numbers from one point to the next
    /// - Parameter map: the block's output map, [OH, OW, 16]
    func transformOutput(_ source: UnsafePointer<Float>, stride: Int, _ tiles: Range<Int>, to map: UnsafeMutablePointer<Float>) {
        let (size, tile) = (window.output, step.tile)
        var (row, column) = tiles.lowerBound.quotientAndRemainder(dividingBy: step.tilesWide)
        for index in 0..<tiles.count {
            if index &+ 2 < tiles.count { ask(for: source + (index &+ 2) &* 16, stride) }
            let (y, x) = (row &* tile, column &* tile)
            let target = map + (y &* size.width &+ x) &* 16
            if y &+ tile <= size.height, x &+ tile <= size.width {
                restore(source + index &* 16, stride, target, size.width &* 16)
            } else {
                restore(source + index &* 16, stride, patch, tile &* 16)
                for i in 0..<min(tile, size.height &- y) {
                    for j in 0..<min(tile, size.width &- x) {
                        store(load(patch + (i &* tile &+ j) &* 16), target + (i &* size.width &+ j) &* 16)
                    }
                }
            }
            column &+= 1
            if column == step.tilesWide { (row, column) = (row &+ 1, 0) }
        }
    }

    /// Asks for a tile's products: each lies in a stretch of its own, of which the processor cannot follow so many.
    @inline(__always)
    private func ask(for tile: UnsafePointer<Float>, _ stride: Int) {
        var product = tile
        for _ in 0..<step.points {
            fovea_prefetch_near(product)
            product += stride
        }
    }

    @inline(__always)
    private func restore(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        if step.stride == 2 {
            restorePhases(m, stride, y, line)
        } else if step.tile == 4 {
            restore4(m, stride, y, line)
        } else {
            restore2(m, stride, y, line)
        }
    }

    /// Aᵀ m A: the columns first, then the rows.
    @inline(never)
    private func restore4(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        let row = 6 &* stride
        var (p, q) = (m, half)
        for _ in 0..<6 {
            forEachRegister { lane in
                let p = p + lane
                let t = WinogradTransform4.output(
                    loadRegister(p), loadRegister(p + row), loadRegister(p + 2 &* row), loadRegister(p + 3 &* row),
                    loadRegister(p + 4 &* row), loadRegister(p + 5 &* row))
                store(t, q + lane, stride: 96)
            }
            p += stride
            q += 16
        }
        var target = y
        q = half
        for _ in 0..<4 {
            forEachRegister { lane in
                let q = q + lane
                let t = WinogradTransform4.output(
                    loadRegister(q), loadRegister(q + 16), loadRegister(q + 32), loadRegister(q + 48), loadRegister(q + 64),
                    loadRegister(q + 80))
                store(t, target + lane, stride: 16)
            }
            q += 96
            target += line
        }
    }

    @inline(never)
    private func restore2(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        let row = 4 &* stride
        var (p, q) = (m, half)
        for _ in 0..<4 {
            forEachRegister { lane in
                let p = p + lane
                let t = WinogradTransform2.output(
                    loadRegister(p), loadRegister(p + row), loadRegister(p + 2 &* row), loadRegister(p + 3 &* row))
                store(t.0, q + lane)
                store(t.1, q + (64 &+ lane))
            }
            p += stride
            q += 16
        }
        var target = y
        q = half
        for _ in 0..<2 {
            forEachRegister { lane in
                let q = q + lane
                let t = WinogradTransform2.output(
                    loadRegister(q), loadRegister(q + 16), loadRegister(q + 32), loadRegister(q + 48))
                store(t.0, target + lane)
                store(t.1, target + (16 &+ lane))
            }
            q += 64
            target += line
        }
    }
}
