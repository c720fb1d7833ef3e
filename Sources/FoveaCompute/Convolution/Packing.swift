extension Panels {
    /// Packs the outputs `first...` of `filters`, element `order[k]` of a filter as element k of the depth.
    func pack(_ filters: ScaledFilters, first: Int = 0, order: [Int]? = nil, to writer: WeightWriter) {
        for output in 0..<outputs {
            let (panel, column) = output.quotientAndRemainder(dividingBy: Self.width)
            let (start, width) = (start(panel), width(panel))
            for k in 0..<depth {
                writer.write(Float(filters.read(first + output, order?[k] ?? k)), row: start + k * width, column: column, width: width)
            }
        }
    }
}

extension ProductConvolution {
    /// - Parameter filters: [Cout, Cin/groups, kh, kw]
    /// - Parameter target: `weightCount` zeros
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let order = geometry.panelOrder
        for group in 0..<geometry.groups {
            let writer = WeightWriter(target + group * precision.floats(panels.count), precision)
            panels.pack(filters, first: group * geometry.outputsPerGroup, order: order, to: writer)
        }
    }
}

extension LinearProduct {
    /// - Parameter filters: [out, in]
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        panels.pack(filters, to: WeightWriter(target, precision))
    }
}

extension WinogradConvolution {
    package func pack(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        switch method {
        case .blocks: packTransformed(filters, to: target)
        case .streamed: self.filters.pack(filters, order: geometry.panelOrder, to: WeightWriter(target, precision))
        }
    }

    /// U = G g Gᵀ of each filter, summed in double precision: [point, panels].
    private func packTransformed(_ filters: ScaledFilters, to target: UnsafeMutablePointer<Float>) {
        let (side, g) = (tile + 2, Self.filterTransform(tile))
        let writer = WeightWriter(target, .float32)
        var half = [Double](repeating: 0, count: side * 3)
        for output in 0..<geometry.outputChannels {
            let (panel, column) = output.quotientAndRemainder(dividingBy: Panels.width)
            let (start, width) = (panels.start(panel), panels.width(panel))
            for channel in 0..<geometry.inputChannels {
                for i in 0..<side {
                    for x in 0..<3 {
                        var sum = 0.0
                        for y in 0..<3 { sum += g[i * 3 + y] * filters.read(output, channel * 9 + y * 3 + x) }
                        half[i * 3 + x] = sum
                    }
                }
                for i in 0..<side {
                    for j in 0..<side {
                        let sum = half[i * 3] * g[j * 3] + half[i * 3 + 1] * g[j * 3 + 1] + half[i * 3 + 2] * g[j * 3 + 2]
                        writer.write(
                            Float(sum), row: (i * side + j) * filterStride + start + channel * width, column: column, width: width)
                    }
                }
            }
        }
    }

    /// G, [m + 2, 3] row-major: 1, p, p² at each point p. What the points' values are divided by, sums are instead (`WinogradTransform4`).
    public static func filterTransform(_ tile: Int) -> [Double] {
        let points = tile == 2 ? [0, 1, -1] : [0, 0.5.squareRoot(), -0.5.squareRoot(), 2.0.squareRoot(), -2.0.squareRoot()]
        return points.flatMap { [1, $0, $0 * $0] } + [0, 0, 1]
    }
}
