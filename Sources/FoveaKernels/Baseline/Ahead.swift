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
