/// Transforms filters of a panel, U = G g Gᵀ, a register of them at once.
struct WinogradFilters {
    let tile: Int

    /// Transforms the filters of some input channels and one panel.
    ///
    /// - Parameter g: [tap, channel, width]
    /// - Parameter u: [point, channel, width]; `stride` numbers from one point to the next
    @inline(__always)
    func transform<Weights: PanelWeights>(
        _: Weights.Type, _ g: UnsafeRawPointer, _ channels: Int, _ width: Int, to u: UnsafeMutablePointer<Float>, stride: Int
    ) {
        if tile == 4 {
            Self.transform4(Weights.self, g, channels, width, u, stride)
        } else {
            Self.transform2(Weights.self, g, channels, width, u, stride)
        }
    }

    @inline(never)
    private static func transform4<Weights: PanelWeights>(
        _: Weights.Type, _ g: UnsafeRawPointer, _ channels: Int, _ width: Int, _ u: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        forEachRegister(Weights.self, g, channels, width) { offset, g in
            // The columns; what they give stays in registers.
            let x = WinogradTransform4.filter(g(0), g(3), g(6))
            let y = WinogradTransform4.filter(g(1), g(4), g(7))
            let z = WinogradTransform4.filter(g(2), g(5), g(8))
            let p = u + offset
            store(WinogradTransform4.filter(x.0, y.0, z.0), p, stride: stride)
            store(WinogradTransform4.filter(x.1, y.1, z.1), p + 6 &* stride, stride: stride)
            store(WinogradTransform4.filter(x.2, y.2, z.2), p + 12 &* stride, stride: stride)
            store(WinogradTransform4.filter(x.3, y.3, z.3), p + 18 &* stride, stride: stride)
            store(WinogradTransform4.filter(x.4, y.4, z.4), p + 24 &* stride, stride: stride)
            store(WinogradTransform4.filter(x.5, y.5, z.5), p + 30 &* stride, stride: stride)
        }
    }

    @inline(never)
    private static func transform2<Weights: PanelWeights>(
        _: Weights.Type, _ g: UnsafeRawPointer, _ channels: Int, _ width: Int, _ u: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        forEachRegister(Weights.self, g, channels, width) { offset, g in
            // The columns; what they give stays in registers.
            let x = WinogradTransform2.filter(g(0), g(3), g(6))
            let y = WinogradTransform2.filter(g(1), g(4), g(7))
            let z = WinogradTransform2.filter(g(2), g(5), g(8))
            let p = u + offset
            store(WinogradTransform2.filter(x.0, y.0, z.0), p, stride: stride)
            store(WinogradTransform2.filter(x.1, y.1, z.1), p + 4 &* stride, stride: stride)
            store(WinogradTransform2.filter(x.2, y.2, z.2), p + 8 &* stride, stride: stride)
            store(WinogradTransform2.filter(x.3, y.3, z.3), p + 12 &* stride, stride: stride)
        }
    }

    /// Runs `body` for a register of filters at a time, with a way to load one of their taps.
    @inline(__always)
    private static func forEachRegister<Weights: PanelWeights>(
        _: Weights.Type, _ g: UnsafeRawPointer, _ channels: Int, _ width: Int,
        _ body: (_ offset: Int, _ load: (_ tap: Int) -> Register) -> Void
    ) {
        let count = channels &* width
        var row = 0
        while row < count {
            var column = 0
            while column < width {
                body(row &+ column) { Weights.loadRegister(g, row &+ $0 &* count, column, width) }
                column &+= Register.lanes
            }
            row &+= width
        }
    }
}
