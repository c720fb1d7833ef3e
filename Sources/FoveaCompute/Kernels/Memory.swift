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
