/// How a strided convolution by Winograd is cut, and where its tiles and products lie.
///
/// Filters are streamed as they are stored, a piece of a panel's depth at a time, and transformed a row of points at a time, which stays in the
/// first-level cache until all rows of a round, tiles of one picture or of several, are multiplied by it.
public struct PhasePieces: Sendable {
    private let winograd: WinogradConvolution
    /// Whether all pictures' tiles lie together, since a picture has fewer than make good use of a filter: where filters are the same for all.
    public let isTogether: Bool

    /// - Parameter isMixed: whether filters are made for each picture
    public init(_ winograd: WinogradConvolution, isMixed: Bool) {
        self.winograd = winograd
        isTogether = !isMixed && winograd.tiles <= 4
    }

    /// Blocks of input channels of a piece. With up to four phases, their sums are 128 products long.
    @inline(__always) public static var blocks: Int { 2 }

    /// Tiles whose products are held at a time, at most: enough for the transform of the filters to weigh little, and few enough for their products
    /// to stay in the second-level cache.
    private static var mostRows: Int { 32 }

    // MARK: - Transformed tiles

    /// Numbers from one phase of a point to the next, and from one block of channels to the next.
    ///
    /// - Parameter pictures: those of the pass
    @inline(__always)
    public func strides(_ pictures: Int) -> (point: Int, block: Int, phase: Int) {
        let tiles = isTogether ? pictures * winograd.tiles : winograd.tiles
        let phase = tiles * Blocked.lanes
        return (WinogradConvolution.pointStride(Self.blocks * 4 * tiles), 4 * phase, phase)
    }

    /// Numbers of a piece's tiles, [point, block of channels, phase, tile, 16]: read in one go for each panel, from a cache that fetches ahead what
    /// lies in a row. At infinity, where there is no odd phase, there are gaps.
    ///
    /// - Parameter pictures: those of the pass
    @inline(__always)
    public func pieceCount(_ pictures: Int) -> Int { winograd.points * strides(pictures).point }

    /// Numbers of memory that all threads share. Where tiles lie together, pictures take turns in holding a piece of all of them.
    public var sharedCount: Int {
        let pieces = (winograd.inputBlocks + Self.blocks - 1) / Self.blocks
        return (isTogether ? pieces + Pass.mostPictures - 1 : pieces) * pieceCount(1)
    }

    // MARK: - Rounds

    /// Stretches that a picture's tiles are cut into, of even size.
    private var parts: Int { (winograd.tiles + Self.mostRows - 1) / Self.mostRows }
    /// Pictures of a round, whole ones unless they are cut.
    private var picturesTogether: Int { max(1, Self.mostRows / winograd.tiles) }

    /// Rounds that so many pictures take.
    public func rounds(_ pictures: Int) -> Int {
        parts > 1 ? pictures * parts : (pictures + picturesTogether - 1) / picturesTogether
    }

    /// The rows of a round, counted over all pictures' tiles.
    public func rows(_ round: Int, _ pictures: Int) -> Range<Int> {
        let tiles = winograd.tiles
        guard parts > 1 else {
            return round * picturesTogether * tiles..<min((round + 1) * picturesTogether, pictures) * tiles
        }
        let (picture, part) = round.quotientAndRemainder(dividingBy: parts)
        return picture * tiles + part * tiles / parts..<picture * tiles + (part + 1) * tiles / parts
    }

    // MARK: - A thread's memory

    /// One picture's mixed filters of a piece, [block of channels, tap, channel, 32].
    @inline(__always) public static var mixedCount: Int { blocks * 9 * Blocked.lanes * Panels.width }
    /// From one number of a row of transformed filters to the next, [number, block of channels, channel, 32]: a vector more than there are, lest they
    /// compete for the same lines of the first-level cache.
    @inline(__always) public static var filterStride: Int { (blocks * Panels.width + 1) * Blocked.lanes }

    /// Mixed filters, behind what a tile is transformed in.
    public var mixed: Int { WinogradConvolution.patchCount }
    /// The transformed filters of one row of points, and those of the odd rows' tap, which is the same at all.
    public var transformed: Int { mixed + DynamicProduct.mixedPictures * Self.mixedCount }
    /// [point, block of outputs, row, 16]
    public var products: Int { transformed + 12 * Self.filterStride }

    /// Numbers of scratch memory, at least what a block of channels takes that is scaled before its tiles are transformed.
    public var scratchCount: Int {
        max(
            products + winograd.points * WinogradConvolution.pointStride(2 * Self.mostRows),
            WinogradConvolution.patchCount + winograd.geometry.inputArea * Blocked.lanes
        )
    }
}
