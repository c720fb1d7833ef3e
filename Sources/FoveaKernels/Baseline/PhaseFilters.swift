import FoveaCompute

/// The filters of a piece and of some outputs of a panel, transformed for a strided convolution a row of points at a time.
struct PhaseFilters<Weights: PanelWeights> {
    /// [block of channels, tap, channel, width]
    let filters: UnsafeRawPointer
    let blocks: Int
    /// Channels of each block.
    let length: Int
    /// The panel's width.
    let width: Int
    /// Numbers from one number of the transformed filters to the next.
    let stride: Int

    /// Outputs that are worked on at a time: as many as a tile in registers is wide, so that a row of points stays in the first-level cache.
    static var columns: Int {
        #if FOVEA_AVX512
        32
        #else
        16
        #endif
    }

    /// Transforms the odd rows' tap along the columns: the even columns' five numbers, then the odd ones' tap.
    ///
    /// - Parameter column: the first of `columns` outputs
    /// - Parameter target: [number, block of channels, channel, columns]
    func transformOdd(_ column: Int, _ columns: Int, to target: UnsafeMutablePointer<Float>) {
        transform(column, columns, to: target) { g in (g(3), g(4), g(5)) }
    }

    /// Transforms the even rows' taps, at the row's point and then along the columns.
    func transform(row: Int, _ column: Int, _ columns: Int, to target: UnsafeMutablePointer<Float>) {
        guard row < 4 else {
            transform(column, columns, to: target) { g in (g(6), g(7), g(8)) }
            return
        }
        let point = WinogradPhaseTransform.point(row)
        transform(column, columns, to: target) { g in
            (multiplyAdd(g(0), point, g(6)), multiplyAdd(g(1), point, g(7)), multiplyAdd(g(2), point, g(8)))
        }
    }

    @inline(__always)
    private func transform(
        _ column: Int, _ columns: Int, to target: UnsafeMutablePointer<Float>,
        _ row: (_ load: (_ tap: Int) -> Register) -> (Register, Register, Register)
    ) {
        let (count, stride) = (length &* width, stride)
        var p = target
        for block in 0..<blocks {
            let g = filters + block &* 9 &* count &* Weights.size
            var first = 0
            while first < count {
                forEachRegister(of: columns / 16) { lane in
                    let (x, y, z) = row { Weights.loadRegister(g, first &+ $0 &* count, column &+ lane, width) }
                    store(WinogradPhaseTransform.filter(x, y, z), p + lane, stride: stride)
                }
                first &+= width
                p += columns
            }
        }
    }
}
