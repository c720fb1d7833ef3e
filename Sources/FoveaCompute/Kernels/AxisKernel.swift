/// Means, maxima and softmaxes along one axis.
public struct AxisKernel: Sendable {
    package enum Kind: Sendable, Hashable {
        case reduce(Reduction)
        case softmax
    }

    package let kind: Kind
    package let axis: AxisGeometry

    package init(_ kind: Kind, _ axis: AxisGeometry) {
        self.kind = kind
        self.axis = axis
    }

    /// Neighbouring positions that are worked on together.
    private static let strip = 256

    package var scratchCount: Int { kind == .softmax ? 2 * Self.strip : 0 }

    /// - Parameter x: [outer, length, inner]
    /// - Parameter y: [outer, inner], or of x's shape for a softmax
    public func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory, then operations: [PostOperation]
    ) {
        let (length, inner) = (axis.length, axis.inner)
        let strips = (inner + Self.strip - 1) / Self.strip
        let block = max(1, (1 << 14) / (length * min(inner, Self.strip)))
        lane.forEachRange(of: axis.outer * strips, by: block) { range, scratch in
            for item in range {
                let (outer, strip) = item.quotientAndRemainder(dividingBy: strips)
                let first = strip * Self.strip
                let count = min(Self.strip, inner - first)
                let source = x + (outer * length * inner + first)
                if kind == .softmax {
                    let target = y + (outer * length * inner + first)
                    softmax(source, count, to: target, scratch)
                    for i in 0..<length {
                        let start = (outer * length + i) * inner + first
                        operations.apply(to: y, start..<start + count, memory)
                    }
                } else {
                    let start = outer * inner + first
                    if kind == .reduce(.mean) { mean(source, count, to: y + start) } else { maximum(source, count, to: y + start) }
                    operations.apply(to: y, start..<start + count, memory)
                }
            }
        }
    }

    // MARK: -

    private func mean(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        if axis.inner == 1 {
            y[0] = Float(sum(x, axis.length) / Double(axis.length))
            return
        }
        y.update(from: x, count: count)
        for row in 1..<max(axis.length, 1) {
            let line = x + row * axis.inner
            for i in 0..<count { y[i] += line[i] }
        }
        for i in 0..<count { y[i] /= Float(axis.length) }
    }

    /// Sums short pieces in float lanes and the pieces in double, so that a large map loses no digits.
    private func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
        var total = 0.0
        var start = 0
        while start < count {
            let end = min(start &+ 512, count)
            var lanes = SIMD8<Float>()
            var i = start
            while i &+ 8 <= end {
                lanes += load(x, i)
                i &+= 8
            }
            total += Double(lanes.sum())
            while i < end {
                total += Double(x[i])
                i &+= 1
            }
            start = end
        }
        return total
    }

    private func maximum(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        y.update(from: x, count: count)
        for row in 1..<max(axis.length, 1) {
            let line = x + row * axis.inner
            for i in 0..<count { y[i] = line[i] > y[i] || line[i] != line[i] ? line[i] : y[i] }
        }
    }

    private func softmax(
        _ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) {
        if axis.inner == 1 {
            softmax(x, to: y)
            return
        }
        let (largest, sums) = (scratch, scratch + Self.strip)
        maximum(x, count, to: largest)
        sums.update(repeating: 0, count: count)
        for row in 0..<axis.length {
            let (line, target) = (x + row * axis.inner, y + row * axis.inner)
            var i = 0
            while i &+ 8 <= count {
                let power = exponential(load(line, i) - load(largest, i))
                store(power, target, i)
                store(load(sums, i) + power, sums, i)
                i &+= 8
            }
            while i < count {
                target[i] = exponential(SIMD8(repeating: line[i] - largest[i]))[0]
                sums[i] += target[i]
                i &+= 1
            }
        }
        for row in 0..<axis.length {
            let target = y + row * axis.inner
            for i in 0..<count { target[i] /= sums[i] }
        }
    }

    /// Along neighbouring elements, which may be all positions of a map: their powers are summed as `sum` does.
    private func softmax(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        let length = axis.length
        let largest = maximum(x, length)
        var i = 0
        while i &+ 8 <= length {
            store(exponential(load(x, i) - largest), y, i)
            i &+= 8
        }
        while i < length {
            y[i] = exponential(SIMD8(repeating: x[i] - largest))[0]
            i &+= 1
        }
        let divisor = Float(sum(y, length))
        for i in 0..<length { y[i] /= divisor }
    }

    /// NaN where any is.
    private func maximum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var lanes = SIMD8(repeating: x[0])
        var i = 0
        while i &+ 8 <= count {
            let values = load(x, i)
            lanes = select((values .> lanes) .| (values .!= values), values, lanes)
            i &+= 8
        }
        var largest = lanes[0]
        for lane in 1..<8 { largest = lanes[lane] > largest || lanes[lane] != lanes[lane] ? lanes[lane] : largest }
        while i < count {
            largest = x[i] > largest || x[i] != x[i] ? x[i] : largest
            i &+= 1
        }
        return largest
    }
}
