/// Mixtures of four stored kernels, the usual number, for two to four pictures: each weight is loaded once for all of them.
///
/// The number of pictures is the type's, so that all of a place's mixtures are in registers; what fewer pictures lack is never used.
enum FourKernels<Weights: PanelWeights, let pictures: Int> {
    typealias Factors = (Vector, Vector, Vector, Vector)

    /// Mixes one place of the window, `length` channels of a panel of 32 outputs.
    ///
    /// - Parameter place: the rows' weights before the first, from the start of all
    /// - Parameter target: [channel, 32], `stride` numbers from one picture's to the next's
    /// - Parameter factors: of each picture, what the four kernels are multiplied by
    @inline(__always)
    static func mix(
        _ kernels: UnsafeRawPointer, _ place: Int, _ length: Int, to target: UnsafeMutablePointer<Float>, stride: Int,
        _ factors: (_ picture: Int) -> Factors
    ) {
        let (a, b) = (factors(0), factors(1))
        let c = pictures > 2 ? factors(2) : b
        let d = pictures > 3 ? factors(3) : c
        var source = place
        var row = target
        var half = 0
        while half < 2 &* length {
            let column = half & 1 &* 16
            let w = (
                Weights.load(kernels, source, column, 32), Weights.load(kernels, source &+ 32, column, 32),
                Weights.load(kernels, source &+ 64, column, 32), Weights.load(kernels, source &+ 96, column, 32)
            )
            store(sum(w, a), row)
            store(sum(w, b), row + stride)
            if pictures > 2 { store(sum(w, c), row + 2 &* stride) }
            if pictures > 3 { store(sum(w, d), row + 3 &* stride) }
            row += 16
            source &+= half & 1 &* 128
            half &+= 1
        }
    }

    @inline(__always)
    private static func sum(_ w: Factors, _ factors: Factors) -> Vector {
        multiplyAdd(multiplyAdd(multiplyAdd(w.0 * factors.0, factors.1, w.1), factors.2, w.2), factors.3, w.3)
    }
}
