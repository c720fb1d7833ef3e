/// The sums of a few tiles by F(4×4, 3×3), whose filters are transformed in registers just before they are multiplied: where a filter
/// meets few tiles, writing it down transformed takes longer than using it.
///
/// The registers hold the sums of a row of six points, or of half a row. So the filters are swept over six or twelve times, and each sweep
/// transforms what its row needs.
enum WinogradSums<Weights: PanelWeights> {
    /// The most tiles whose sums the registers hold; 0 where there are too few registers.
    #if FOVEA_AVX512
    static var mostTiles: Int { 8 }
    #elseif FOVEA_AVX2
    static var mostTiles: Int { 2 }
    #else
    static var mostTiles: Int { 0 }
    #endif

    /// Sums 16 outputs, from the work's `column` on.
    ///
    /// - Parameter count: tiles, 1 to `mostTiles`
    /// - Parameter ahead: what is read next
    static func run(_ work: FewTiles, count: Int, ahead: Ahead?) {
        forEachRegister { lane in
            var part = work
            part.column &+= lane
            part.sums += lane
            sum(part, count, ahead?.share(lane / Register.lanes, of: 16 / Register.lanes))
        }
    }

    /// Sums one register of outputs.
    @inline(__always)
    private static func sum(_ work: FewTiles, _ count: Int, _ ahead: Ahead?) {
        #if FOVEA_AVX512
        switch count {
        case 1:
            WinogradTripleSweep<Weights, 0>.run(work, inner: 1, requests(work, ahead, 0, of: 2))
            WinogradTripleSweep<Weights, 1>.run(work, inner: 3, requests(work, ahead, 1, of: 2))
        case 2: rows(work, ahead, WinogradSweep<Weights, 2, 2, 0, 0>.run, WinogradSweep<Weights, 2, 2, 0, 1>.run)
        case 3: rows(work, ahead, WinogradSweep<Weights, 3, 3, 0, 0>.run, WinogradSweep<Weights, 3, 3, 0, 1>.run)
        case 4: rows(work, ahead, WinogradSweep<Weights, 4, 4, 0, 0>.run, WinogradSweep<Weights, 4, 4, 0, 1>.run)
        case 5:
            halves(work, ahead, WinogradSweep<Weights, 3, 2, 1, 0>.run, WinogradSweep<Weights, 3, 2, 1, 1>.run, first: true)
            halves(work, ahead, WinogradSweep<Weights, 3, 2, 2, 0>.run, WinogradSweep<Weights, 3, 2, 2, 1>.run, first: false)
        case 6:
            halves(work, ahead, WinogradSweep<Weights, 3, 3, 1, 0>.run, WinogradSweep<Weights, 3, 3, 1, 1>.run, first: true)
            halves(work, ahead, WinogradSweep<Weights, 3, 3, 2, 0>.run, WinogradSweep<Weights, 3, 3, 2, 1>.run, first: false)
        case 7:
            halves(work, ahead, WinogradSweep<Weights, 4, 3, 1, 0>.run, WinogradSweep<Weights, 4, 3, 1, 1>.run, first: true)
            halves(work, ahead, WinogradSweep<Weights, 4, 3, 2, 0>.run, WinogradSweep<Weights, 4, 3, 2, 1>.run, first: false)
        default:
            halves(work, ahead, WinogradSweep<Weights, 4, 4, 1, 0>.run, WinogradSweep<Weights, 4, 4, 1, 1>.run, first: true)
            halves(work, ahead, WinogradSweep<Weights, 4, 4, 2, 0>.run, WinogradSweep<Weights, 4, 4, 2, 1>.run, first: false)
        }
        #elseif FOVEA_AVX2
        if count == 1 {
            rows(work, ahead, WinogradSweep<Weights, 1, 1, 0, 0>.run, WinogradSweep<Weights, 1, 1, 0, 1>.run)
        } else {
            rows(work, ahead, WinogradSweep<Weights, 2, 2, 0, 0>.run, WinogradSweep<Weights, 2, 2, 0, 1>.run)
        }
        #endif
    }

    #if !FOVEA_BASELINE
    private typealias Sweep = (_ work: FewTiles, _ row: Int, _ requests: AheadRequests) -> Void

    @inline(__always)
    private static func rows(_ work: FewTiles, _ ahead: Ahead?, _ outer: Sweep, _ inner: Sweep) {
        for row in 0..<6 { (row % 5 == 0 ? outer : inner)(work, row, requests(work, ahead, row, of: 6)) }
    }

    @inline(__always)
    private static func halves(_ work: FewTiles, _ ahead: Ahead?, _ outer: Sweep, _ inner: Sweep, first: Bool) {
        for row in 0..<6 { (row % 5 == 0 ? outer : inner)(work, row, requests(work, ahead, first ? row : row &+ 6, of: 12)) }
    }

    private static func requests(_ work: FewTiles, _ ahead: Ahead?, _ sweep: Int, of sweeps: Int) -> AheadRequests {
        ahead.map { AheadRequests($0.share(sweep, of: sweeps), depth: work.length) } ?? AheadRequests(none: work.filters)
    }
    #endif
}
