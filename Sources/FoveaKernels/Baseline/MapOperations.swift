import FoveaCompute

/// Operations are taken by index: an iterator or a slice counts a reference to the list, which all threads would write to.
extension [MapOperation] {
    /// Applies all of them, in order, to some blocks and positions of the blocked map at `map`.
    ///
    /// - Parameter source: where the map is read instead, of the same shape
    func apply(
        _ pass: Pass, _ picture: Int, _ map: UnsafeMutablePointer<Float>, from source: UnsafePointer<Float>? = nil, blocks: Range<Int>,
        _ positions: Range<Int>, _ area: Int
    ) {
        let ending = MapEnding(self, pass, picture)
        let source = source ?? UnsafePointer(map)
        let isCopied = source != UnsafePointer(map)
        guard isCopied || !isEmpty else { return }
        for block in blocks {
            let offset = block &* area &* 16
            let (x, y) = (source + offset, map + offset)
            // Short pieces, so that every operation but the first finds them in the first-level cache.
            var start = positions.lowerBound
            while start < positions.upperBound {
                let end = Swift.min(start &+ 64, positions.upperBound)
                if isCopied || ending.count > 0 { ending.apply(x, to: y, offset, block, start..<end) }
                for index in ending.count..<count {
                    self[index].apply(pass, picture, y + start &* 16, offset &+ start &* 16, block, start, end &- start)
                }
                start = end
            }
        }
    }

    /// Applies all of them to blocks of a vector, each on all of them before the next one.
    ///
    /// - Parameter sums: the first block's, which lie elsewhere; `stride` numbers from one's to the next's
    func apply(_ pass: Pass, _ picture: Int, vector sums: UnsafeMutablePointer<Float>, stride: Int, blocks: Range<Int>) {
        for index in indices { self[index].apply(pass, picture, vector: sums, stride: stride, blocks: blocks) }
    }
}

extension MapOperation {
    /// - Parameter y: `count` positions of one block
    /// - Parameter offset: how far behind a map's start they lie
    /// - Parameter start: the first position
    @inline(__always)
    fileprivate func apply(
        _ pass: Pass, _ picture: Int, _ y: UnsafeMutablePointer<Float>, _ offset: Int, _ block: Int, _ start: Int, _ count: Int
    ) {
        switch self {
        case .scale(let factor): indexed(y, count) { value, _ in value * factor }
        case .activation(let activation): apply(activation, y, count)
        case .binary(let operation, let place, let operand, let reversed):
            let values = pass.read(place, picture)
            switch operand {
            case .map: combine(y, count, operation, reversed) { load(values + (offset &+ $0 &* 16)) }
            case .channel:
                let value = load(values + block &* 16)
                combine(y, count, operation, reversed) { _ in value }
            case .position: combine(y, count, operation, reversed) { Vector(repeating: values[start &+ $0]) }
            case .group(let size, let area):
                let groups = GroupLanes(values, block: block, size: size, area: area)
                combine(y, count, operation, reversed) { groups.load(start &+ $0) }
            case .one:
                let value = Vector(repeating: values[0])
                combine(y, count, operation, reversed) { _ in value }
            }
        }
    }

    /// The same for blocks of a vector, whose operands lie as it does.
    fileprivate func apply(_ pass: Pass, _ picture: Int, vector y: UnsafeMutablePointer<Float>, stride: Int, blocks: Range<Int>) {
        let (first, count) = (blocks.lowerBound, blocks.count)
        switch self {
        case .scale(let factor): indexed(y, count, stride: stride) { value, _ in value * factor }
        case .activation(let activation): apply(activation, y, count, stride: stride)
        case .binary(let operation, let place, let operand, let reversed):
            let values = pass.read(place, picture)
            switch operand {
            case .map, .channel:
                let values = values + first &* 16
                combine(y, count, stride: stride, operation, reversed) { load(values + $0 &* 16) }
            case .position, .one:
                let value = Vector(repeating: values[0])
                combine(y, count, stride: stride, operation, reversed) { _ in value }
            case .group(let size, let area):
                combine(y, count, stride: stride, operation, reversed) {
                    GroupLanes(values, block: first &+ $0, size: size, area: area).load(0)
                }
            }
        }
    }

    @inline(__always)
    private func apply(_ activation: Activation, _ y: UnsafeMutablePointer<Float>, _ count: Int, stride: Int = 16) {
        switch activation {
        case .relu: indexed(y, count, stride: stride) { value, _ in select(value .< Vector(), Vector(), value) }
        case .sigmoid: indexed(y, count, stride: stride) { value, _ in sigmoid(value) }
        case .squareRoot: indexed(y, count, stride: stride) { value, _ in value.squareRoot() }
        }
    }

    @inline(__always)
    private func combine(
        _ y: UnsafeMutablePointer<Float>, _ count: Int, stride: Int = 16, _ operation: BinaryOperator, _ reversed: Bool,
        _ operand: (Int) -> Vector
    ) {
        switch operation {
        case .add: indexed(y, count, stride: stride) { $0 + operand($1) }
        case .multiply: indexed(y, count, stride: stride) { $0 * operand($1) }
        case .subtract where reversed: indexed(y, count, stride: stride) { operand($1) - $0 }
        case .subtract: indexed(y, count, stride: stride) { $0 - operand($1) }
        case .divide where reversed: indexed(y, count, stride: stride) { operand($1) / $0 }
        case .divide: indexed(y, count, stride: stride) { $0 / operand($1) }
        }
    }

    @inline(__always)
    private func indexed(_ y: UnsafeMutablePointer<Float>, _ count: Int, stride: Int = 16, _ body: (Vector, Int) -> Vector) {
        var index = 0
        while index < count {
            let place = y + index &* stride
            store(body(load(place), index), place)
            index &+= 1
        }
    }
}
