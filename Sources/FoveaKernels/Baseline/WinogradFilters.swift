/// Transforms the mixed weights of a dynamic convolution, U = G g Gᵀ, sixteen filters at once.
struct WinogradFilters {
    private let tile: Int
    /// A filter of which one axis is transformed: 18 vectors.
    private let half: UnsafeMutablePointer<Float>

    init(tile: Int, half: UnsafeMutablePointer<Float>) {
        self.tile = tile
        self.half = half
    }

    /// Transforms the filters of some input channels and one panel.
    ///
    /// - Parameter g: [tap, channel, width]
    /// - Parameter u: [point, channel, width]; `stride` numbers from one point to the next
    func transform(_ g: UnsafePointer<Float>, _ channels: Int, _ width: Int, to u: UnsafeMutablePointer<Float>, stride: Int) {
        let line = channels &* width
        for channel in 0..<channels {
            var column = 0
            while column < width {
                let offset = channel &* width &+ column
                if tile == 4 {
                    transform4(g + offset, line, u + offset, stride)
                } else {
                    transform2(g + offset, line, u + offset, stride)
                }
                column &+= 16
            }
        }
    }

    @inline(__always)
    private func transform4(_ g: UnsafePointer<Float>, _ line: Int, _ u: UnsafeMutablePointer<Float>, _ stride: Int) {
        var x = 0
        while x < 3 {
            let p = g + x &* line
            let t = WinogradTransform4.filter(load(p), load(p + 3 &* line), load(p + 6 &* line))
            let q = half + x &* 16
            store(t, q, stride: 48)
            x &+= 1
        }
        var i = 0
        while i < 6 {
            let q = half + i &* 48
            let t = WinogradTransform4.filter(load(q), load(q + 16), load(q + 32))
            let p = u + 6 &* i &* stride
            store(t, p, stride: stride)
            i &+= 1
        }
    }

    @inline(__always)
    private func transform2(_ g: UnsafePointer<Float>, _ line: Int, _ u: UnsafeMutablePointer<Float>, _ stride: Int) {
        var x = 0
        while x < 3 {
            let p = g + x &* line
            let t = WinogradTransform2.filter(load(p), load(p + 3 &* line), load(p + 6 &* line))
            let q = half + x &* 16
            store(t, q, stride: 48)
            x &+= 1
        }
        var i = 0
        while i < 4 {
            let q = half + i &* 48
            let t = WinogradTransform2.filter(load(q), load(q + 16), load(q + 32))
            let p = u + 4 &* i &* stride
            store(t, p, stride: stride)
            i &+= 1
        }
    }
}
