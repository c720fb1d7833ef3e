import FoveaCompute

/// The memory of a plan's intermediates while the plan is compiled.
struct BufferTable: Sendable {
    /// Numbers of each buffer.
    private(set) var sizes: [Int] = []
    /// For each buffer the step that fills it, the last of several; nil for the picture.
    var producers: [Int?] = []
    /// Buffers that are a part of another: a slice's, or an input of a concatenation that is computed in its place.
    var parts: [Int: (whole: Int, distance: Int)] = [:]
    /// Buffers of concatenations.
    var composed: Set<Int> = []

    mutating func add(_ count: Int) -> Int {
        sizes.append(count)
        producers.append(nil)
        return sizes.count - 1
    }

    /// A stretch of another buffer.
    mutating func addPart(of whole: Int, at distance: Int, _ count: Int) -> Int {
        let part = add(count)
        parts[part] = (whole, distance)
        producers[part] = producers[whole]
        return part
    }

    /// The buffer that a buffer is a part of, itself where of none, and how far it lies behind that one's start.
    func location(of buffer: Int) -> (buffer: Int, distance: Int) {
        var (buffer, distance) = (buffer, 0)
        while let part = parts[buffer] { (buffer, distance) = (part.whole, distance + part.distance) }
        return (buffer, distance)
    }
}

/// Where a value lies: in one layout, or after a change in both.
struct Stored: Sendable {
    /// Row-major, in the order of the node's shape.
    var rowMajor: Int?
    /// As blocks of 16 channels.
    var blocked: Blocks?
    /// As the panels of a generated kernel.
    var panels: (buffer: Int, change: PanelChange)?

    struct Blocks: Sendable {
        var buffer: Int
        var channels: Int
        var area: Int
    }

    /// The buffer that the value was computed in.
    var first: Int? { blocked?.buffer ?? panels?.buffer ?? rowMajor }
}
