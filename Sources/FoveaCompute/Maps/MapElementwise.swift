/// A chain of operations on the elements of a blocked map; starts from a copy of its first input, laid over the map.
public struct MapElementwise: Sendable {
    package let channels: Int
    package let area: Int
    package let base: MapOperation.Operand

    package init(channels: Int, area: Int, base: MapOperation.Operand) {
        self.channels = channels
        self.area = area
        self.base = base
    }
}
