import FoveaCompute

extension [PostOperation] {
    /// Applies all of them, in order, to the elements `start..<end` of the row-major tensor at `tensor`.
    func apply(_ pass: Pass, _ picture: Int, _ tensor: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int) {
        guard !isEmpty else { return }
        var first = start
        while first < end {
            // Short pieces, so that every operation but the first finds them in the first-level cache.
            let last = Swift.min(first &+ 1024, end)
            for index in indices { self[index].apply(pass, picture, tensor, first, last) }
            first = last
        }
    }
}

extension PostOperation {
    @inline(__always)
    fileprivate func apply(_ pass: Pass, _ picture: Int, _ tensor: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int) {
        switch self {
        case .scale(let factor): each(tensor, start, end) { $0 * factor }
        case .activation(.relu): each(tensor, start, end) { select($0 .< 0, Vector(), $0) }
        case .activation(.sigmoid): each(tensor, start, end) { sigmoid($0) }
        case .activation(.squareRoot): each(tensor, start, end) { $0.squareRoot() }
        case .binary(let operation, let place, let broadcast, let reversed):
            combine(tensor, start, end, operation, pass.read(place, picture), broadcast, reversed)
        }
    }

    /// Runs over the stretches in which the operand is one number, or lies as the tensor does.
    private func combine(
        _ tensor: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int, _ operation: BinaryOperator, _ operand: UnsafePointer<Float>,
        _ broadcast: Broadcast, _ reversed: Bool
    ) {
        let (inner, stretch) = (broadcast.inner, broadcast.repeated &* broadcast.inner)
        if broadcast.isIdentity {
            combine(tensor + start, end &- start, operation, reversed) { loadFirst($1, operand + start + $0) }
            return
        }
        var first = start
        while first < end {
            let (outer, rest) = first.quotientAndRemainder(dividingBy: stretch)
            let count = min(inner == 1 ? stretch &- rest : inner &- rest % inner, end &- first)
            if inner == 1 {
                let value = Vector(repeating: operand[outer])
                combine(tensor + first, count, operation, reversed) { _, _ in value }
            } else {
                let values = operand + (outer &* inner &+ rest % inner)
                combine(tensor + first, count, operation, reversed) { loadFirst($1, values + $0) }
            }
            first &+= count
        }
    }

    @inline(__always)
    private func combine(
        _ y: UnsafeMutablePointer<Float>, _ count: Int, _ operation: BinaryOperator, _ reversed: Bool,
        _ operand: (_ index: Int, _ count: Int) -> Vector
    ) {
        switch operation {
        case .add: indexed(y, count) { $0 + operand($1, $2) }
        case .multiply: indexed(y, count) { $0 * operand($1, $2) }
        case .subtract where reversed: indexed(y, count) { operand($1, $2) - $0 }
        case .subtract: indexed(y, count) { $0 - operand($1, $2) }
        case .divide where reversed: indexed(y, count) { operand($1, $2) / $0 }
        case .divide: indexed(y, count) { $0 / operand($1, $2) }
        }
    }

    @inline(__always)
    private func each(_ tensor: UnsafeMutablePointer<Float>, _ start: Int, _ end: Int, _ body: (Vector) -> Vector) {
        indexed(tensor + start, end &- start) { value, _, _ in body(value) }
    }

    /// Sixteen elements at a time, and what is left of them: other threads may be at work on the elements behind.
    @inline(__always)
    private func indexed(
        _ y: UnsafeMutablePointer<Float>, _ count: Int, _ body: (_ value: Vector, _ index: Int, _ count: Int) -> Vector
    ) {
        var index = 0
        while index &+ 16 <= count {
            store(body(load(y + index), index, 16), y + index)
            index &+= 16
        }
        guard index < count else { return }
        let left = count &- index
        storeFirst(left, body(loadFirst(left, y + index), index, left), y + index)
    }
}
