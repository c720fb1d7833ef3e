#if FOVEA_AVX512
import CFoveaProcessor
#endif

/// A blocked map of a number for each group of channels, laid over one block of the channels' map.
struct GroupLanes {
    private let map: UnsafePointer<Float>
    /// At position 0, the group of the block's first channel.
    private let first: UnsafePointer<Float>
    private let size: Int
    /// At position 0, the group of each of the block's channels: numbers behind the map's start. Behind the last channel's group, what is there
    /// is a number of the same block.
    private let places: SIMD16<Int>
    #if FOVEA_AVX512
    /// At position 0, the block of all the channels' groups, if it is one, and of each channel the lane there.
    private let groups: UnsafePointer<Float>?
    private let lanes: SIMD16<Int32>
    #endif

    /// - Parameter size: channels of a group
    init(_ map: UnsafePointer<Float>, block: Int, size: Int, area: Int) {
        self.map = map
        self.size = size
        var places = SIMD16<Int>()
        // Counted: sixteen divisions would take longer than some positions' numbers.
        let start = block &* 16 / size
        var (group, left) = (start, (start &+ 1) &* size &- block &* 16)
        for lane in 0..<16 {
            if left == 0 { (group, left) = (group &+ 1, size) }
            places[lane] = (group &>> 4) &* area &* 16 &+ group & 15
            left &-= 1
        }
        self.places = places
        first = map + places[0]
        #if FOVEA_AVX512
        groups = start &>> 4 == group &>> 4 ? map + (start &>> 4) &* area &* 16 : nil
        lanes = SIMD16<Int32>(truncatingIfNeeded: places) & 15
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

    @inline(__always)
    private func loadAny(_ position: Int) -> Vector {
        #if FOVEA_AVX512
        if let groups {
            return fovea_permute16(UnsafeRawPointer(groups + position &* 16).loadUnaligned(as: Vector.self), lanes)
        }
        #endif
        let (map, at) = (map + position &* 16, places)
        return Vector(
            map[at[0]], map[at[1]], map[at[2]], map[at[3]], map[at[4]], map[at[5]], map[at[6]], map[at[7]],
            map[at[8]], map[at[9]], map[at[10]], map[at[11]], map[at[12]], map[at[13]], map[at[14]], map[at[15]])
    }
}
