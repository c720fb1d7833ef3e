/// A blocked map of a number for each group of channels, laid over one block of the channels' map.
struct GroupLanes {
    private let map: UnsafePointer<Float>
    /// At position 0, the group of the block's first channel.
    private let first: UnsafePointer<Float>
    private let block: Int
    private let size: Int
    private let area: Int

    /// - Parameter size: channels of a group
    init(_ map: UnsafePointer<Float>, block: Int, size: Int, area: Int) {
        self.map = map
        self.block = block
        self.size = size
        self.area = area
        let group = block &* 16 / size
        first = map + (group / 16 &* area &* 16 &+ group % 16)
    }

    /// One position's numbers, each repeated over the lanes of its group's channels.
    @inline(__always)
    func load(_ position: Int) -> Vector {
        let source = first + position &* 16
        switch size {
        case 2:
            let g = UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self)
            return Vector(g[0], g[0], g[1], g[1], g[2], g[2], g[3], g[3], g[4], g[4], g[5], g[5], g[6], g[6], g[7], g[7])
        case 4:
            let g = loadQuad(source)
            return Vector(g[0], g[0], g[0], g[0], g[1], g[1], g[1], g[1], g[2], g[2], g[2], g[2], g[3], g[3], g[3], g[3])
        case 8: return Vector(lowHalf: SIMD8(repeating: source[0]), highHalf: SIMD8(repeating: source[1]))
        case 16, 32: return Vector(repeating: source[0])
        default: return loadAny(position)
        }
    }

    private func loadAny(_ position: Int) -> Vector {
        var vector = Vector()
        var lane = 0
        while lane < 16 {
            // Behind the last channel's group, what is there is a number of the same block.
            let group = (block &* 16 &+ lane) / size
            vector[lane] = map[(group / 16 &* area &+ position) &* 16 &+ group % 16]
            lane &+= 1
        }
        return vector
    }
}
