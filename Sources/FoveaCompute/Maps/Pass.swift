/// What a step needs to run: the pictures that are under way, their arenas, the plan's packed weights and the threads to work on.
///
/// All pictures of a batch go through the steps together, so that weights are streamed from memory once for all of them. No element of
/// one picture's result depends on another picture.
public struct Pass {
    /// Pictures that go through the steps together, at most.
    public static let mostPictures = 8

    package let lane: Lane
    package let constants: UnsafePointer<Float>
    private let arenas: UnsafeMutablePointer<Float>
    /// Numbers from one arena to the next.
    private let stride: Int
    /// The arenas in use.
    private let pictures: UnsafeBufferPointer<Int>

    package init(
        lane: Lane, arenas: UnsafeMutablePointer<Float>, stride: Int, pictures: UnsafeBufferPointer<Int>, constants: UnsafePointer<Float>
    ) {
        self.lane = lane
        self.arenas = arenas
        self.stride = stride
        self.pictures = pictures
        self.constants = constants
    }

    /// Pictures under way.
    public var count: Int { pictures.count }

    /// The arena of the picture `index`, below `count`.
    public func arena(_ index: Int) -> UnsafeMutablePointer<Float> { arenas + pictures[index] * stride }

    /// Where a place lies for the picture `index`.
    public func read(_ place: Place, _ index: Int) -> UnsafePointer<Float> {
        switch place {
        case .arena(let offset): UnsafePointer(arena(index) + offset)
        case .constant(let offset): constants + offset
        }
    }

    /// One picture's memory, for the kernels that run one picture at a time.
    public func memory(_ index: Int) -> Memory { Memory(arena: arena(index), constants: constants) }

    /// As many blocks for each picture or a few more, so that every thread has as many of them: of five, one of two threads has three and the other waits.
    /// For work that may be cut anywhere without another bit in its result.
    public func blocks(atLeast blocks: Int) -> Int {
        let threads = lane.threads
        return blocks * count % threads == 0 ? blocks : (blocks + threads - 1) / threads * threads
    }

    /// Runs `body` for every picture's every block, with scratch memory that no other block uses meanwhile.
    public func forEach(
        blocks: Int, _ body: (_ picture: Int, _ block: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
    ) {
        lane.forEach(count * blocks) { item, scratch in
            let (picture, block) = item.quotientAndRemainder(dividingBy: blocks)
            body(picture, block, scratch)
        }
    }
}
