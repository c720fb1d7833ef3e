import FoveaCompute

/// Means, maxima and softmaxes along one axis of a row-major tensor.
struct AxisKernel {
    private let kind: AxisOperation.Kind
    private let length: Int
    /// Neighbouring positions, each of which has the axis' elements in so many rows below one another.
    private let inner: Int

    /// Positions of one item of work: their rows are found in the first-level cache again.
    private static let strip = 256

    static func run(_ step: AxisOperation, _ pass: Pass, _ x: Place, to y: Int, then operations: [PostOperation]) {
        let kernel = AxisKernel(kind: step.kind, length: step.axis.length, inner: step.axis.inner)
        let (length, inner) = (kernel.length, kernel.inner)
        let strips = (inner &+ strip &- 1) / strip
        let items = step.axis.outer &* strips
        let size = max(1, (1 << 14) / (length &* min(inner, strip)))
        pass.forEach(blocks: (items &+ size &- 1) / size) { picture, block, _ in
            let (source, result) = (pass.read(x, picture), pass.arena(picture) + y)
            for item in block &* size..<min((block &+ 1) &* size, items) {
                let (outer, part) = item.quotientAndRemainder(dividingBy: strips)
                let first = part &* strip
                let count = min(strip, inner &- first)
                let start = outer &* length &* inner &+ first
                if kernel.kind == .softmax {
                    kernel.softmax(source + start, count, to: result + start)
                    guard !operations.isEmpty else { continue }
                    for row in 0..<length {
                        let line = start &+ row &* inner
                        operations.apply(pass, picture, result, line, line &+ count)
                    }
                } else {
                    let target = outer &* inner &+ first
                    kernel.reduce(source + start, count, to: result + target)
                    operations.apply(pass, picture, result, target, target &+ count)
                }
            }
        }
    }

    // MARK: - Positions side by side

    private func reduce(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        if inner == 1 {
            y.pointee = kind == .reduce(.mean) ? Float(Neighbours.sum(x, length) / Double(length)) : Neighbours.largest(x, length)
            return
        }
        // Behind the last position lie the next row's numbers, or a vector that belongs to the tensor's memory: they stay in lanes that are not stored.
        for first in stride(from: 0, to: count, by: 16) {
            let value = kind == .reduce(.mean) ? mean(x + first) : largest(x + first)
            storeFirst(min(16, count &- first), value, y + first)
        }
    }

    private func softmax(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        if inner == 1 {
            Neighbours.softmax(x, length, to: y)
            return
        }
        for first in stride(from: 0, to: count, by: 16) {
            softmax(column: x + first, min(16, count &- first), to: y + first)
        }
    }

    /// Of the first `count` positions of a vector.
    @inline(__always)
    private func softmax(column x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        let largest = largest(x)
        var sum = Vector()
        var offset = 0
        for _ in 0..<length {
            let power = power(load(x + offset) - largest)
            storeFirst(count, power, y + offset)
            sum += power
            offset &+= inner
        }
        let factor = 1 / sum
        offset = 0
        for _ in 0..<length {
            storeFirst(count, loadFirst(count, y + offset) * factor, y + offset)
            offset &+= inner
        }
    }

    @inline(__always)
    private func largest(_ x: UnsafePointer<Float>) -> Vector {
        var (even, odd) = (load(x), load(x))
        var row = 1
        while row &+ 2 <= length {
            even = larger(even, load(x + row &* inner))
            odd = larger(odd, load(x + (row &+ 1) &* inner))
            row &+= 2
        }
        if row < length { even = larger(even, load(x + row &* inner)) }
        return larger(even, odd)
    }

    @inline(__always)
    private func mean(_ x: UnsafePointer<Float>) -> Vector {
        if length <= LaneSums.stretch { return sum(x, 0..<length) / Vector(repeating: Float(length)) }
        var sums = LaneSums()
        for first in stride(from: 0, to: length, by: LaneSums.stretch) {
            sums.add(sum(x, first..<min(first &+ LaneSums.stretch, length)))
        }
        let count = SIMD4(repeating: Double(length))
        return sums.map { $0 / count }
    }

    @inline(__always)
    private func sum(_ x: UnsafePointer<Float>, _ rows: Range<Int>) -> Vector {
        var sum = Vector()
        for row in rows { sum += load(x + row &* inner) }
        return sum
    }
}
