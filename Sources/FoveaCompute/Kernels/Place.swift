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
