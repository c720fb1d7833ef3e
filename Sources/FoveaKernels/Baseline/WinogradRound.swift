/// The tiles whose products a `WinogradPanel` holds at a time, as stretches of one picture each.
struct WinogradRound: Sequence, IteratorProtocol {
    /// Tiles of one picture, and where their products lie among those of the round.
    struct Stretch {
        var picture: Int
        var tiles: Range<Int>
        var row: Int
    }

    /// Tiles of a picture.
    let tiles: Int
    /// Of all pictures' tiles, one picture's behind the other's.
    let first: Int
    let count: Int
    private var row = 0

    init(tiles: Int, rows: Range<Int>) {
        self.tiles = tiles
        first = rows.lowerBound
        count = rows.count
    }

    mutating func next() -> Stretch? {
        guard row < count else { return nil }
        let (picture, tile) = place(row)
        let stretch = Stretch(picture: picture, tiles: tile..<Swift.min(tiles, tile &+ count &- row), row: row)
        row &+= stretch.tiles.count
        return stretch
    }

    /// Which picture's which tile a row is.
    func place(_ row: Int) -> (picture: Int, tile: Int) {
        let (picture, tile) = (first &+ row).quotientAndRemainder(dividingBy: tiles)
        return (picture, tile)
    }
}
