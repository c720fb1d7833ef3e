/// How the work on a blocked map is cut: into some rows of one block of channels, or all rows of several.
///
/// What a row is, the step says: one position, or the positions of a line.
struct MapCut {
    private let blocks: Int
    private let rows: Int
    private let blocksPerPart: Int
    private let rowsPerPart: Int

    /// Vectors of 64 bytes that a part reads or writes: enough to be worth waking a thread for, few enough for the first-level cache.
    private static var vectors: Int { 512 }

    /// - Parameter cost: the vectors that a row takes
    init(blocks: Int, rows: Int, cost: Int = 1) {
        self.blocks = blocks
        self.rows = rows
        let fitting = max(1, Self.vectors / max(cost, 1))
        let cuts = max(1, (rows &+ fitting &- 1) / fitting)
        rowsPerPart = (rows &+ cuts &- 1) / cuts
        blocksPerPart = max(1, min(blocks, cuts > 1 ? 1 : fitting / max(rows, 1)))
    }

    private var cutsOfRows: Int { (rows &+ rowsPerPart &- 1) / max(rowsPerPart, 1) }

    /// Parts in all.
    var count: Int { (blocks &+ blocksPerPart &- 1) / blocksPerPart &* cutsOfRows }

    /// Runs `body` for each block of a part, with the part's rows.
    @inline(__always)
    func forEachBlock(of part: Int, _ body: (_ block: Int, _ start: Int, _ end: Int) -> Void) {
        let (first, cut) = part.quotientAndRemainder(dividingBy: cutsOfRows)
        let (start, end) = (cut &* rowsPerPart, min((cut &+ 1) &* rowsPerPart, rows))
        var block = first &* blocksPerPart
        let last = min(block &+ blocksPerPart, blocks)
        while block < last {
            body(block, start, end)
            block &+= 1
        }
    }
}
