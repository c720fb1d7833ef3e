import FoveaCompute

/// The transformed tiles of all pictures of a pass, where filters move by two.
struct StridedTiles {
    let strides: (point: Int, block: Int, phase: Int)
    private let pass: Pass
    private let shared: Int
    private let tiles: Int
    private let isTogether: Bool
    private let pieceCount: Int

    /// - Parameter shared: the offset of the step's shared memory
    init(_ winograd: WinogradConvolution, _ pieces: PhasePieces, _ pass: Pass, shared: Int) {
        strides = pieces.strides(pass.count)
        self.pass = pass
        self.shared = shared
        tiles = winograd.tiles
        isTogether = pieces.isTogether
        pieceCount = pieces.pieceCount(pass.count)
    }

    /// The first point of a picture's first tile, of one block of channels.
    @inline(__always)
    func start(_ picture: Int, block: Int) -> UnsafeMutablePointer<Float> {
        let (piece, place) = block.quotientAndRemainder(dividingBy: PhasePieces.blocks)
        if isTogether {
            let (turn, holder) = piece.quotientAndRemainder(dividingBy: pass.count)
            return pass.arena(holder) + (shared &+ turn &* pieceCount &+ place &* strides.block &+ picture &* tiles &* 16)
        }
        return pass.arena(picture) + (shared &+ piece &* pieceCount &+ place &* strides.block)
    }

    /// Transforms all tiles of all pictures, scaled by their gates.
    static func transform(_ winograd: WinogradConvolution, _ pieces: PhasePieces, _ pass: Pass, _ x: Place, gates: Place?, to shared: Int) {
        let tiles = StridedTiles(winograd, pieces, pass, shared: shared)
        WinogradTiles.forEachBlock(winograd, pass, x, gates: gates) { transform, picture, block, map in
            transform.transformInput(
                map, 0..<winograd.tiles, to: tiles.start(picture, block: block), stride: tiles.strides.point, phase: tiles.strides.phase)
        }
    }
}
