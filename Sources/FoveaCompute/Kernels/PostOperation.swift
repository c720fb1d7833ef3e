import Glibc

/// What is done to each element that an operation computed, while it is still in cache: bias, norm, gate, residual sum, activation.
public enum PostOperation: Sendable, Hashable {
    /// y = y · factor
    case scale(Float)
    case activation(Activation)
    /// y = y ∘ operand, or operand ∘ y where `reversed`
    case binary(BinaryOperator, Place, Broadcast, reversed: Bool)
}

extension [PostOperation] {
    /// Applies all of them, in order, to the elements `range` of the tensor at `tensor`.
    func apply(to tensor: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ memory: Memory) {
        guard !isEmpty else { return }
        var start = range.lowerBound
        while start < range.upperBound {
            // Short pieces, so that every pass but the first finds them in the first-level cache.
            let end = Swift.min(start &+ 2048, range.upperBound)
            for index in 0..<count {
                switch self[index] {
                case .scale(let factor):
                    for i in start..<end { tensor[i] *= factor }
                case .activation(.relu):
                    for i in start..<end { tensor[i] = tensor[i] < 0 ? 0 : tensor[i] }
                case .activation(.sigmoid):
                    for i in start..<end { tensor[i] = 1 / (1 + expf(-tensor[i])) }
                case .activation(.squareRoot):
                    for i in start..<end { tensor[i] = tensor[i].squareRoot() }
                case .binary(let operation, let place, let broadcast, let reversed):
                    combine(tensor, start..<end, operation, memory.read(place), broadcast, reversed)
                }
            }
            start = end
        }
    }
}

/// Runs over the stretches in which the operand is one number, or lies as the tensor does.
private func combine(
    _ tensor: UnsafeMutablePointer<Float>, _ range: Range<Int>, _ operation: BinaryOperator, _ operand: UnsafePointer<Float>,
    _ broadcast: Broadcast, _ reversed: Bool
) {
    if broadcast.isIdentity {
        combine(tensor + range.lowerBound, range.count, operation, operand + range.lowerBound, reversed)
        return
    }
    let (inner, stretch) = (broadcast.inner, broadcast.repeated &* broadcast.inner)
    var start = range.lowerBound
    while start < range.upperBound {
        let (outer, rest) = start.quotientAndRemainder(dividingBy: stretch)
        if inner == 1 {
            let count = min(stretch &- rest, range.upperBound &- start)
            combine(tensor + start, count, operation, operand[outer], reversed)
            start &+= count
        } else {
            let offset = rest % inner
            let count = min(inner &- offset, range.upperBound &- start)
            combine(tensor + start, count, operation, operand + (outer &* inner &+ offset), reversed)
            start &+= count
        }
    }
}

private func combine(
    _ y: UnsafeMutablePointer<Float>, _ count: Int, _ operation: BinaryOperator, _ operand: UnsafePointer<Float>, _ reversed: Bool
) {
    switch operation {
    case .add: for i in 0..<count { y[i] += operand[i] }
    case .multiply: for i in 0..<count { y[i] *= operand[i] }
    case .subtract where reversed: for i in 0..<count { y[i] = operand[i] - y[i] }
    case .subtract: for i in 0..<count { y[i] -= operand[i] }
    case .divide where reversed: for i in 0..<count { y[i] = operand[i] / y[i] }
    case .divide: for i in 0..<count { y[i] /= operand[i] }
    }
}

private func combine(_ y: UnsafeMutablePointer<Float>, _ count: Int, _ operation: BinaryOperator, _ number: Float, _ reversed: Bool) {
    switch operation {
    case .add: for i in 0..<count { y[i] += number }
    case .multiply: for i in 0..<count { y[i] *= number }
    case .subtract where reversed: for i in 0..<count { y[i] = number - y[i] }
    case .subtract: for i in 0..<count { y[i] -= number }
    case .divide where reversed: for i in 0..<count { y[i] = number / y[i] }
    case .divide: for i in 0..<count { y[i] /= number }
    }
}
