/// A tile of a matrix product in registers: some rows, neighbouring positions or pictures, times a panel's 32 or 16 outputs.
///
/// The tile's size follows from the registers: 12×32 fills 24 of AVX-512's 32, 6×16 12 of AVX2's 16, 3×16 12 of SSE's 16. Each sum runs
/// over the depth in one order, whatever the tile it falls into.
enum Tile<Weights: PanelWeights> {
    #if FOVEA_AVX512
    static var rows: Int { 12 }
    #elseif FOVEA_AVX2
    static var rows: Int { 6 }
    #else
    static var rows: Int { 3 }
    #endif

    /// Multiplies `count` rows, in tiles of even height.
    @inline(__always)
    static func multiply<Rows: TileOperand>(
        _ count: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: TileTarget, ahead: Ahead? = nil
    ) {
        let tiles = (count &+ rows &- 1) / rows
        let (height, taller) = (count / max(tiles, 1), count % max(tiles, 1))
        var (a, c) = (a, c)
        for tile in 0..<tiles {
            let rows = tile < taller ? height &+ 1 : height
            let requests = ahead.map { AheadRequests($0.share(tile, of: tiles), depth: a.depth) } ?? AheadRequests(none: panel)
            multiplyTile(rows, a, panel, width: width, c, requests)
            a.start += rows &* a.distance
            c.start += rows &* 16
        }
    }

    private static func multiplyTile<Rows: TileOperand>(
        _ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: TileTarget, _ requests: AheadRequests
    ) {
        #if !FOVEA_BASELINE
        if width == 32, rows <= rowsOfWholePanels { return wide(rows, a, panel, c, requests) }
        #endif
        narrow(rows, a, panel, width, 0, c, requests)
        if width == 32 { narrow(rows, a, panel, width, 16, c, AheadRequests(none: panel)) }
    }

    #if !FOVEA_BASELINE
    /// The most rows that are multiplied by a whole panel at once. In AVX2, whose registers hold the sums of two, fewer sums than theirs would leave
    /// each multiplication waiting for the one before.
    private static var rowsOfWholePanels: Int {
        #if FOVEA_AVX512
        rows
        #else
        2
        #endif
    }

    private static func wide<Rows: TileOperand>(
        _ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ c: TileTarget, _ requests: AheadRequests
    ) {
        switch rows {
        case 1: TileSums<Weights, Rows, 1, 2>.run(a, panel, 32, 0, c, requests)
        #if FOVEA_AVX2
        default: TileSums<Weights, Rows, 2, 2>.run(a, panel, 32, 0, c, requests)
        #else
        case 2: TileSums<Weights, Rows, 2, 2>.run(a, panel, 32, 0, c, requests)
        case 3: TileSums<Weights, Rows, 3, 2>.run(a, panel, 32, 0, c, requests)
        case 4: TileSums<Weights, Rows, 4, 2>.run(a, panel, 32, 0, c, requests)
        case 5: TileSums<Weights, Rows, 5, 2>.run(a, panel, 32, 0, c, requests)
        case 6: TileSums<Weights, Rows, 6, 2>.run(a, panel, 32, 0, c, requests)
        case 7: TileSums<Weights, Rows, 7, 2>.run(a, panel, 32, 0, c, requests)
        case 8: TileSums<Weights, Rows, 8, 2>.run(a, panel, 32, 0, c, requests)
        case 9: TileSums<Weights, Rows, 9, 2>.run(a, panel, 32, 0, c, requests)
        case 10: TileSums<Weights, Rows, 10, 2>.run(a, panel, 32, 0, c, requests)
        case 11: TileSums<Weights, Rows, 11, 2>.run(a, panel, 32, 0, c, requests)
        default: TileSums<Weights, Rows, 12, 2>.run(a, panel, 32, 0, c, requests)
        #endif
        }
    }
    #endif

    private static func narrow<Rows: TileOperand>(
        _ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ width: Int, _ column: Int, _ c: TileTarget, _ requests: AheadRequests
    ) {
        switch rows {
        case 1: TileSums<Weights, Rows, 1, 1>.run(a, panel, width, column, c, requests)
        case 2: TileSums<Weights, Rows, 2, 1>.run(a, panel, width, column, c, requests)
        #if FOVEA_BASELINE
        default: TileSums<Weights, Rows, 3, 1>.run(a, panel, width, column, c, requests)
        #else
        case 3: TileSums<Weights, Rows, 3, 1>.run(a, panel, width, column, c, requests)
        case 4: TileSums<Weights, Rows, 4, 1>.run(a, panel, width, column, c, requests)
        case 5: TileSums<Weights, Rows, 5, 1>.run(a, panel, width, column, c, requests)
        #if FOVEA_AVX2
        default: TileSums<Weights, Rows, 6, 1>.run(a, panel, width, column, c, requests)
        #else
        case 6: TileSums<Weights, Rows, 6, 1>.run(a, panel, width, column, c, requests)
        case 7: TileSums<Weights, Rows, 7, 1>.run(a, panel, width, column, c, requests)
        case 8: TileSums<Weights, Rows, 8, 1>.run(a, panel, width, column, c, requests)
        case 9: TileSums<Weights, Rows, 9, 1>.run(a, panel, width, column, c, requests)
        case 10: TileSums<Weights, Rows, 10, 1>.run(a, panel, width, column, c, requests)
        case 11: TileSums<Weights, Rows, 11, 1>.run(a, panel, width, column, c, requests)
        default: TileSums<Weights, Rows, 12, 1>.run(a, panel, width, column, c, requests)
        #endif
        #endif
        }
    }
}
