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

    /// One operand of a product: segments of neighbouring numbers, for each row one behind the other.
    struct Rows {
        /// [segment, row, 16]
        var start: UnsafePointer<Float>
        /// From one segment to the next.
        var stride: Int
        /// Segments, and the numbers that count of each, at most 16.
        var segments: Int
        var length: Int

        /// Products that each row sums.
        @inline(__always) var depth: Int { segments &* length }
    }

    /// The result: [block of 16 outputs, row, 16].
    struct Target {
        var start: UnsafeMutablePointer<Float>
        /// From one block of outputs to the next.
        var stride: Int
        /// Whether the product joins what is there.
        var adds: Bool
    }

    /// Memory that will be read after the product: its cache lines are asked for on the way, evenly, so that memory is never idle and the
    /// product never waits for its own loads behind them.
    struct Ahead {
        var start: UnsafeRawPointer
        var lines: Int

        @inline(__always)
        init(start: UnsafeRawPointer, bytes: Int) {
            self.start = start
            lines = (bytes &+ 63) / 64
        }

        /// The part of one of several products.
        @inline(__always)
        func share(_ index: Int, of count: Int) -> Ahead {
            var part = self
            part.lines = (lines &+ count &- 1) / count
            part.start += index &* part.lines &* 64
            return part
        }

        /// The part of `count` rows from `row` on, of `total`.
        @inline(__always)
        func share(_ row: Int, _ count: Int, of total: Int) -> Ahead {
            let first = lines &* row / total
            var part = self
            part.lines = lines &* (row &+ count) / total &- first
            part.start += first &* 64
            return part
        }
    }

    /// What one tile asks for: some lines in each step over the depth, or one in every second or fourth.
    struct Requests {
        var start: UnsafeRawPointer
        var lines: Int
        /// One less than the steps from one request to the next, a power of two; -1 asks in a segment's first step alone.
        var pause: Int

        @inline(__always)
        init(_ ahead: Ahead, depth: Int) {
            start = ahead.start
            // What is beyond a few at a time would have to wait for earlier ones, and so would the product's own loads.
            lines = max(1, min((ahead.lines &+ depth &- 1) / max(depth, 1), 8))
            pause = ahead.lines == 0 ? -1 : ahead.lines &* 4 <= depth ? 3 : ahead.lines &* 2 <= depth ? 1 : 0
        }

        /// One line a segment, of what is in cache anyway.
        @inline(__always)
        init(none address: UnsafeRawPointer) {
            (start, lines, pause) = (address, 1, -1)
        }
    }

    /// Multiplies `count` rows, in tiles of even height.
    @inline(__always)
    static func multiply(_ count: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: Target, ahead: Ahead? = nil) {
        let tiles = (count &+ rows &- 1) / rows
        let (height, taller) = (count / max(tiles, 1), count % max(tiles, 1))
        var (a, c) = (a, c)
        for tile in 0..<tiles {
            let rows = tile < taller ? height &+ 1 : height
            let requests = ahead.map { Requests($0.share(tile, of: tiles), depth: a.depth) } ?? Requests(none: panel)
            multiplyTile(rows, a, panel, width: width, c, requests)
            a.start += rows &* 16
            c.start += rows &* 16
        }
    }

    private static func multiplyTile(_ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, width: Int, _ c: Target, _ requests: Requests) {
        #if !FOVEA_BASELINE
        if width == 32, rows <= rowsOfWholePanels { return wide(rows, a, panel, c, requests) }
        #endif
        narrow(rows, a, panel, width, 0, c, requests)
        if width == 32 { narrow(rows, a, panel, width, 16, c, Requests(none: panel)) }
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

    private static func wide(_ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ c: Target, _ requests: Requests) {
        switch rows {
        case 1: TileSums<Weights, 1, 2>.run(a, panel, 32, 0, c, requests)
        #if FOVEA_AVX2
        default: TileSums<Weights, 2, 2>.run(a, panel, 32, 0, c, requests)
        #else
        case 2: TileSums<Weights, 2, 2>.run(a, panel, 32, 0, c, requests)
        case 3: TileSums<Weights, 3, 2>.run(a, panel, 32, 0, c, requests)
        case 4: TileSums<Weights, 4, 2>.run(a, panel, 32, 0, c, requests)
        case 5: TileSums<Weights, 5, 2>.run(a, panel, 32, 0, c, requests)
        case 6: TileSums<Weights, 6, 2>.run(a, panel, 32, 0, c, requests)
        case 7: TileSums<Weights, 7, 2>.run(a, panel, 32, 0, c, requests)
        case 8: TileSums<Weights, 8, 2>.run(a, panel, 32, 0, c, requests)
        case 9: TileSums<Weights, 9, 2>.run(a, panel, 32, 0, c, requests)
        case 10: TileSums<Weights, 10, 2>.run(a, panel, 32, 0, c, requests)
        case 11: TileSums<Weights, 11, 2>.run(a, panel, 32, 0, c, requests)
        default: TileSums<Weights, 12, 2>.run(a, panel, 32, 0, c, requests)
        #endif
        }
    }
    #endif

    private static func narrow(
        _ rows: Int, _ a: Rows, _ panel: UnsafeRawPointer, _ width: Int, _ column: Int, _ c: Target, _ requests: Requests
    ) {
        switch rows {
        case 1: TileSums<Weights, 1, 1>.run(a, panel, width, column, c, requests)
        case 2: TileSums<Weights, 2, 1>.run(a, panel, width, column, c, requests)
        #if FOVEA_BASELINE
        default: TileSums<Weights, 3, 1>.run(a, panel, width, column, c, requests)
        #else
        case 3: TileSums<Weights, 3, 1>.run(a, panel, width, column, c, requests)
        case 4: TileSums<Weights, 4, 1>.run(a, panel, width, column, c, requests)
        case 5: TileSums<Weights, 5, 1>.run(a, panel, width, column, c, requests)
        #if FOVEA_AVX2
        default: TileSums<Weights, 6, 1>.run(a, panel, width, column, c, requests)
        #else
        case 6: TileSums<Weights, 6, 1>.run(a, panel, width, column, c, requests)
        case 7: TileSums<Weights, 7, 1>.run(a, panel, width, column, c, requests)
        case 8: TileSums<Weights, 8, 1>.run(a, panel, width, column, c, requests)
        case 9: TileSums<Weights, 9, 1>.run(a, panel, width, column, c, requests)
        case 10: TileSums<Weights, 10, 1>.run(a, panel, width, column, c, requests)
        case 11: TileSums<Weights, 11, 1>.run(a, panel, width, column, c, requests)
        default: TileSums<Weights, 12, 1>.run(a, panel, width, column, c, requests)
        #endif
        #endif
        }
    }
}
