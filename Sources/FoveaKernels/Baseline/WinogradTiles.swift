import FoveaCompute

/// Moves tiles between maps and their transforms.
struct WinogradTiles {
    private let step: WinogradConvolution
    private let window: WindowGeometry
    /// A patch of a map, and a tile of which one axis is transformed: 36 vectors each.
    private let patch: UnsafeMutablePointer<Float>
    private let half: UnsafeMutablePointer<Float>

    /// - Parameter scratch: `WinogradConvolution.patchCount` numbers
    init(_ step: WinogradConvolution, _ scratch: UnsafeMutablePointer<Float>) {
        self.step = step
        window = step.geometry.window
        patch = scratch
        half = scratch + 36 * 16
    }

    /// Transforms the tiles `tiles` of one block of channels.
    ///
    /// - Parameter map: the block's map, [H, W, 16]
    /// - Parameter target: the first point's first tile; `stride` numbers from one point to the next
    func transformInput(_ map: UnsafePointer<Float>, _ tiles: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
        let (size, step) = (window.input, self.step)
        var (row, column) = tiles.lowerBound.quotientAndRemainder(dividingBy: step.tilesWide)
        let side = step.tile &+ 2
        for index in 0..<tiles.count {
            let (y, x) = (row &* step.tile &- window.padding.height, column &* step.tile &- window.padding.width)
            let isInside = y >= 0 && x >= 0 && y &+ side <= size.height && x &+ side <= size.width
            if isInside {
                transform(map + (y &* size.width &+ x) &* 16, size.width &* 16, target + index &* 16, stride)
            } else {
                // A tile at the edge is copied with its padding first.
                var vector = patch
                for i in y..<y &+ side {
                    for j in x..<x &+ side {
                        let isPadding = i < 0 || j < 0 || i >= size.height || j >= size.width
                        store(isPadding ? Vector() : load(map + (i &* size.width &+ j) &* 16), vector)
                        vector += 16
                    }
                }
                transform(UnsafePointer(patch), side &* 16, target + index &* 16, stride)
            }
            column &+= 1
            if column == step.tilesWide { (row, column) = (row &+ 1, 0) }
        }
    }

    @inline(__always)
    private func transform(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int) {
        if step.tile == 4 { transform4(d, line, v, stride) } else { transform2(d, line, v, stride) }
    }

    /// Bᵀ d B: the columns first, then the rows.
    @inline(never)
    private func transform4(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int) {
        var j = 0
        while j < 6 {
            let p = d + j &* 16
            let t = WinogradTransform4.input(
                load(p), load(p + line), load(p + 2 &* line), load(p + 3 &* line), load(p + 4 &* line), load(p + 5 &* line))
            let q = half + j &* 16
            store(t, q, stride: 96)
            j &+= 1
        }
        var i = 0
        while i < 6 {
            let q = half + i &* 96
            let t = WinogradTransform4.input(load(q), load(q + 16), load(q + 32), load(q + 48), load(q + 64), load(q + 80))
            let p = v + 6 &* i &* stride
            store(t, p, stride: stride)
            i &+= 1
        }
    }

    @inline(never)
    private func transform2(_ d: UnsafePointer<Float>, _ line: Int, _ v: UnsafeMutablePointer<Float>, _ stride: Int) {
        var j = 0
        while j < 4 {
            let p = d + j &* 16
            let t = WinogradTransform2.input(load(p), load(p + line), load(p + 2 &* line), load(p + 3 &* line))
            let q = half + j &* 16
            store(t, q, stride: 64)
            j &+= 1
        }
        var i = 0
        while i < 4 {
            let q = half + i &* 64
            let t = WinogradTransform2.input(load(q), load(q + 16), load(q + 32), load(q + 48))
            let p = v + 4 &* i &* stride
            store(t, p, stride: stride)
            i &+= 1
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

    @inline(__always)
    private func restore(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        if step.tile == 4 { restore4(m, stride, y, line) } else { restore2(m, stride, y, line) }
    }

    /// Aᵀ m A: the columns first, then the rows.
    @inline(never)
    private func restore4(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        var j = 0
        while j < 6 {
            let p = m + j &* stride
            let row = 6 &* stride
            let t = WinogradTransform4.output(
                load(p), load(p + row), load(p + 2 &* row), load(p + 3 &* row), load(p + 4 &* row), load(p + 5 &* row))
            let q = half + j &* 16
            store(t, q, stride: 96)
            j &+= 1
        }
        var i = 0
        while i < 4 {
            let q = half + i &* 96
            let t = WinogradTransform4.output(load(q), load(q + 16), load(q + 32), load(q + 48), load(q + 64), load(q + 80))
            let p = y + i &* line
            store(t, p, stride: 16)
            i &+= 1
        }
    }

    @inline(never)
    private func restore2(_ m: UnsafePointer<Float>, _ stride: Int, _ y: UnsafeMutablePointer<Float>, _ line: Int) {
        var j = 0
        while j < 4 {
            let p = m + j &* stride
            let row = 4 &* stride
            let t = WinogradTransform2.output(load(p), load(p + row), load(p + 2 &* row), load(p + 3 &* row))
            store(t.0, half + j &* 16)
            store(t.1, half + (j &+ 4) &* 16)
            j &+= 1
        }
        var i = 0
        while i < 2 {
            let q = half + i &* 64
            let t = WinogradTransform2.output(load(q), load(q + 16), load(q + 32), load(q + 48))
            store(t.0, y + i &* line)
            store(t.1, y + i &* line + 16)
            i &+= 1
        }
    }
}
