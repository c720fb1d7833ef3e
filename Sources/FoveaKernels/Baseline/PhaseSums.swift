/// The sums of a few tiles of a convolution that moves by two, whose filters are transformed in registers just before they are multiplied, as
/// `WinogradSums` does it: row by row of the points, then what is at infinity.
enum PhaseSums<Weights: PanelWeights> {
    /// The most tiles whose sums the registers hold; 0 where there are too few registers.
    #if FOVEA_AVX512
    static var mostTiles: Int { 4 }
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
        #if FOVEA_AVX2
        if count == 1 {
            for index in 0..<4 { PhaseLoneSweep<Weights>.run(work, row: index, requests(work, ahead, index)) }
            forEachRegister { lane in
                let part = part(work, lane)
                PhaseEdgeSweep<Weights, 1, 1>.run(part)
                PhaseEdgeSweep<Weights, 1, 0>.run(part)
            }
            return
        }
        #endif
        #if !FOVEA_BASELINE
        forEachRegister { lane in
            let part = part(work, lane)
            let ahead = ahead?.share(lane / Register.lanes, of: 16 / Register.lanes)
            switch count {
            #if FOVEA_AVX2
            default: sum(part, ahead, PhaseSweep<Weights, 2>.run, PhaseEdgeSweep<Weights, 2, 1>.run, PhaseEdgeSweep<Weights, 2, 0>.run)
            #else
            case 1: sum(part, ahead, PhaseSweep<Weights, 1>.run, PhaseEdgeSweep<Weights, 1, 1>.run, PhaseEdgeSweep<Weights, 1, 0>.run)
            case 2: sum(part, ahead, PhaseSweep<Weights, 2>.run, PhaseEdgeSweep<Weights, 2, 1>.run, PhaseEdgeSweep<Weights, 2, 0>.run)
            case 3: sum(part, ahead, PhaseSweep<Weights, 3>.run, PhaseEdgeSweep<Weights, 3, 1>.run, PhaseEdgeSweep<Weights, 3, 0>.run)
            default: sum(part, ahead, PhaseSweep<Weights, 4>.run, PhaseEdgeSweep<Weights, 4, 1>.run, PhaseEdgeSweep<Weights, 4, 0>.run)
            #endif
            }
        }
        #endif
    }

    #if !FOVEA_BASELINE
    private typealias Sweep = (_ work: FewTiles, _ row: Int, _ requests: AheadRequests) -> Void
    private typealias EdgeSweep = (_ work: FewTiles) -> Void

    @inline(__always)
    private static func sum(_ work: FewTiles, _ ahead: Ahead?, _ row: Sweep, _ lastRow: EdgeSweep, _ lastColumn: EdgeSweep) {
        for index in 0..<4 { row(work, index, requests(work, ahead, index)) }
        lastRow(work)
        lastColumn(work)
    }

    /// What a row's sweep asks for of what is read next.
    private static func requests(_ work: FewTiles, _ ahead: Ahead?, _ row: Int) -> AheadRequests {
        ahead.map { AheadRequests($0.share(row, of: 4), depth: work.length) } ?? AheadRequests(none: work.filters)
    }

    /// One register of the work's outputs.
    @inline(__always)
    private static func part(_ work: FewTiles, _ lane: Int) -> FewTiles {
        var part = work
        part.column &+= lane
        part.sums += lane
        return part
    }
    #endif
}
