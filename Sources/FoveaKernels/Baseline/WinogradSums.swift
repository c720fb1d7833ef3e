/// The sums of a few tiles by F(4×4, 3×3), whose filters are transformed in registers just before they are multiplied: where a filter
/// meets few tiles, writing it down transformed takes longer than using it.
///
/// The registers hold the sums of a row of six points, or of half a row. So the filters are swept over six or twelve times, and each sweep
/// transforms what its row needs.
struct WinogradSums<Weights: PanelWeights> {
    /// The most tiles whose sums the registers hold; 0 where there are too few registers.
    #if FOVEA_AVX512
    static var mostTiles: Int { 8 }
    #elseif FOVEA_AVX2
    static var mostTiles: Int { 2 }
    #else
    static var mostTiles: Int { 0 }
    #endif

    /// Filters of one block of input channels and 16 outputs of a panel, [tap, channel, width].
    let filters: UnsafeRawPointer
    /// Channels, at most 16.
    let length: Int
    /// The panel's width, and which of its outputs is the first, 0 or 16.
    let width: Int
    var column: Int
    /// The block's tiles, [point, tile, 16], from point to point as `WinogradConvolution.pointStride` has it.
    let tiles: UnsafePointer<Float>
    /// [point, tile, 16]; numbers from one point to the next.
    var sums: UnsafeMutablePointer<Float>
    let sumStride: Int
    /// Whether the sums go on from what is there.
    let continues: Bool
    /// What is read next.
    var ahead: Tile<Float32Weights>.Ahead?

    /// - Parameter count: tiles, 1 to `mostTiles`
    func run(_ count: Int) {
        forEachRegister { lane in
            var work = self
            work.column &+= lane
            work.sums += lane
            work.ahead = ahead?.share(lane / Register.lanes, of: 16 / Register.lanes)
            work.runRegister(count)
        }
    }

    /// The sums of one register of outputs, from `column` on.
    @inline(__always)
    private func runRegister(_ count: Int) {
        #if FOVEA_AVX512
        switch count {
        case 1:
            WinogradTripleSweep<Weights, 0>.run(self, inner: 1, requests(0, of: 2))
            WinogradTripleSweep<Weights, 1>.run(self, inner: 3, requests(1, of: 2))
        case 2: rows(WinogradSweep<Weights, 2, 2, 0, 0>.run, WinogradSweep<Weights, 2, 2, 0, 1>.run)
        case 3: rows(WinogradSweep<Weights, 3, 3, 0, 0>.run, WinogradSweep<Weights, 3, 3, 0, 1>.run)
        case 4: rows(WinogradSweep<Weights, 4, 4, 0, 0>.run, WinogradSweep<Weights, 4, 4, 0, 1>.run)
        case 5:
            halves(WinogradSweep<Weights, 3, 2, 1, 0>.run, WinogradSweep<Weights, 3, 2, 1, 1>.run, first: true)
            halves(WinogradSweep<Weights, 3, 2, 2, 0>.run, WinogradSweep<Weights, 3, 2, 2, 1>.run, first: false)
        case 6:
            halves(WinogradSweep<Weights, 3, 3, 1, 0>.run, WinogradSweep<Weights, 3, 3, 1, 1>.run, first: true)
            halves(WinogradSweep<Weights, 3, 3, 2, 0>.run, WinogradSweep<Weights, 3, 3, 2, 1>.run, first: false)
        case 7:
            halves(WinogradSweep<Weights, 4, 3, 1, 0>.run, WinogradSweep<Weights, 4, 3, 1, 1>.run, first: true)
            halves(WinogradSweep<Weights, 4, 3, 2, 0>.run, WinogradSweep<Weights, 4, 3, 2, 1>.run, first: false)
        default:
            halves(WinogradSweep<Weights, 4, 4, 1, 0>.run, WinogradSweep<Weights, 4, 4, 1, 1>.run, first: true)
            halves(WinogradSweep<Weights, 4, 4, 2, 0>.run, WinogradSweep<Weights, 4, 4, 2, 1>.run, first: false)
        }
        #elseif FOVEA_AVX2
        if count == 1 {
            rows(WinogradSweep<Weights, 1, 1, 0, 0>.run, WinogradSweep<Weights, 1, 1, 0, 1>.run)
        } else {
            rows(WinogradSweep<Weights, 2, 2, 0, 0>.run, WinogradSweep<Weights, 2, 2, 0, 1>.run)
        }
        #endif
    }

    #if !FOVEA_BASELINE
    private typealias Requests = Tile<Float32Weights>.Requests
    private typealias Sweep = (_ work: Self, _ row: Int, _ requests: Requests) -> Void

    @inline(__always)
    private func rows(_ outer: Sweep, _ inner: Sweep) {
        for row in 0..<6 { (row % 5 == 0 ? outer : inner)(self, row, requests(row, of: 6)) }
    }

    @inline(__always)
    private func halves(_ outer: Sweep, _ inner: Sweep, first: Bool) {
        for row in 0..<6 { (row % 5 == 0 ? outer : inner)(self, row, requests(first ? row : row &+ 6, of: 12)) }
    }

    private func requests(_ sweep: Int, of sweeps: Int) -> Requests {
        ahead.map { Requests($0.share(sweep, of: sweeps), depth: length) } ?? Requests(none: filters)
    }
    #endif
}
