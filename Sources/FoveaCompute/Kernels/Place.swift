/// Where numbers lie during a pass: in the picture's arena, or among the plan's packed weights; in elements from the start.
public enum Place: Sendable, Hashable {
    case arena(Int)
    case constant(Int)

    /// The place so many elements further on.
    public func advanced(by distance: Int) -> Place {
        switch self {
        case .arena(let offset): .arena(offset + distance)
        case .constant(let offset): .constant(offset + distance)
        }
    }
}

/// The two blocks of memory that places point into.
public struct Memory {
    package let arena: UnsafeMutablePointer<Float>
    package let constants: UnsafePointer<Float>

    package init(arena: UnsafeMutablePointer<Float>, constants: UnsafePointer<Float>) {
        self.arena = arena
        self.constants = constants
    }

    /// Where a place lies.
    @inline(__always)
    public func read(_ place: Place) -> UnsafePointer<Float> {
        switch place {
        case .arena(let offset): UnsafePointer(arena + offset)
        case .constant(let offset): constants + offset
        }
    }
}
