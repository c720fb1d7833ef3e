/// A matrix [out, in] times one vector: bound by the speed at which the matrix streams from memory, so a plain vector loop.
package struct LinearKernel: Sendable {
    package let inputs: Int
    package let outputs: Int

    package init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
    }

    /// Rows of a block: enough to be worth waking a thread for, a multiple of the four that share a read of x.
    private var blockRows: Int { max(4, (1 << 15) / max(inputs, 1) / 4 * 4) }

    /// - Parameter weight: [out, in]
    package func run(
        _ lane: Lane, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>,
        _ memory: Memory, then operations: [PostOperation]
    ) {
        lane.forEachRange(of: outputs, by: blockRows) { rows, _ in
            var row = rows.lowerBound
            while row + 4 <= rows.upperBound {
                fourRows(x, weight + row * inputs, y + row)
                row += 4
            }
            while row < rows.upperBound {
                y[row] = dot(x, weight + row * inputs, inputs)
                row += 1
            }
            operations.apply(to: y, rows, memory)
        }
    }

    // Four and one rows sum in the same order, so a row's bits do not depend on its neighbours.
    @inline(__always)
    private func fourRows(_ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
        let (w1, w2, w3) = (w + inputs, w + 2 * inputs, w + 3 * inputs)
        var (s0, s1, s2, s3) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
        let end = inputs & ~7
        var i = 0
        while i < end {
            let v = load(x, i)
            s0 += v * load(w, i)
            s1 += v * load(w1, i)
            s2 += v * load(w2, i)
            s3 += v * load(w3, i)
            i &+= 8
        }
        var (t0, t1, t2, t3) = (s0.sum(), s1.sum(), s2.sum(), s3.sum())
        while i < inputs {
            t0 += x[i] * w[i]
            t1 += x[i] * w1[i]
            t2 += x[i] * w2[i]
            t3 += x[i] * w3[i]
            i &+= 1
        }
        (y[0], y[1], y[2], y[3]) = (t0, t1, t2, t3)
    }

    @inline(__always)
    private func dot(_ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ count: Int) -> Float {
        var sums = SIMD8<Float>()
        let end = count & ~7
        var i = 0
        while i < end {
            sums += load(x, i) * load(w, i)
            i &+= 8
        }
        var sum = sums.sum()
        while i < count {
            sum += x[i] * w[i]
            i &+= 1
        }
        return sum
    }
}

@inline(__always)
func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> SIMD8<Float> {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<Float>.self)
}
