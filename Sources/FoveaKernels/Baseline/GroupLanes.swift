#if FOVEA_AVX512
import CFoveaProcessor
#endif

/// A blocked map of a number for each group of channels, laid over one block of the channels' map.
struct GroupLanes {
    private let size: Int
    /// At position 0, the number of the block's first channel.
    private let first: UnsafePointer<Float>
    #if FOVEA_AVX512
    /// At position 0, the one or two blocks of groups that the block's channels are of, and of each channel the lane there: 16 and more in the second.
    private let blocks: (UnsafePointer<Float>, UnsafePointer<Float>)
    private let lanes: SIMD16<Int32>
    #else
    private let map: UnsafePointer<Float>
    /// At position 0, where the number of each of the block's channels is. Behind the last channel's group, what is there is a number of the same block.
    private let places: SIMD16<Int>
    #endif

    /// - Parameter size: channels of a group
    init(_ map: UnsafePointer<Float>, block: Int, size: Int, area: Int) {
        self.size = size
        // Counted: sixteen divisions would take longer than some positions' numbers.
        let start = block &* 16 / size
        var (group, left) = (start, (start &+ 1) &* size &- block &* 16)
        var groups = SIMD16<Int>()
        for lane in 0..<16 {
            if left == 0 { (group, left) = (group &+ 1, size) }
            groups[lane] = group
            left &-= 1
        }
        func place(_ group: Int) -> Int { (group &>> 4) &* area &* 16 }
        first = map + place(start) + start & 15
        #if FOVEA_AVX512
        blocks = (map + place(start), map + place(group))
        lanes = SIMD16<Int32>(truncatingIfNeeded: groups) &- Int32(truncatingIfNeeded: start & ~15)
        #else
        self.map = map
        var places = SIMD16<Int>()
        for lane in 0..<16 { places[lane] = place(groups[lane]) &+ groups[lane] & 15 }
        self.places = places
        #endif
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

    #if FOVEA_AVX512
    @inline(__always)
    private func loadAny(_ position: Int) -> Vector {
        func load(_ block: UnsafePointer<Float>) -> Vector {
            UnsafeRawPointer(block + position &* 16).loadUnaligned(as: Vector.self)
        }
        return fovea_permute_two16(load(blocks.0), lanes, load(blocks.1))
    }
    #else
    /// Never inlined: a loop around it would keep sixteen addresses, and move each of them on for every position.
    @inline(never)
    private func loadAny(_ position: Int) -> Vector {
        let (map, at) = (map + position &* 16, places)
        return Vector(
            map[at[0]], map[at[1]], map[at[2]], map[at[3]], map[at[4]], map[at[5]], map[at[6]], map[at[7]],
            map[at[8]], map[at[9]], map[at[10]], map[at[11]], map[at[12]], map[at[13]], map[at[14]], map[at[15]])
    }
    #endif
}
