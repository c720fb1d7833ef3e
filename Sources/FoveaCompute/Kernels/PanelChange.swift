/// Between PyTorch's order of a convolution's weights, [Cout, Cin, kh, kw], and the panels that products read.
public struct PanelChange: Sendable, Hashable {
    package let panels: Panels
    /// For each element of a panel's depth its place in a filter.
    private let order: [Int]

    package init(_ product: ProductConvolution) {
        panels = product.panels
        order = product.geometry.panelOrder
    }

    /// To panels; outputs behind the last one become 0.
    public func toPanels(_ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        order.withUnsafeBufferPointer { order in
            lane.forEach(panels.number) { panel, _ in
                let (width, first) = (panels.width(panel), panel * Panels.width)
                var row = y + panels.start(panel)
                for k in 0..<panels.depth {
                    for column in 0..<width {
                        let output = first + column
                        row[column] = output < panels.outputs ? x[output * panels.depth + order[k]] : 0
                    }
                    row += width
                }
            }
        }
    }

    /// From panels.
    public func fromPanels(_ lane: Lane, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        order.withUnsafeBufferPointer { order in
            lane.forEach(panels.outputs) { output, _ in
                let (start, stride) = panels.place(output)
                for k in 0..<panels.depth { y[output * panels.depth + order[k]] = x[start + k * stride] }
            }
        }
    }

    /// For each stored output of the panels, in their order, its place in PyTorch's order; nil behind the last output.
    public var sources: [Int?] {
        (0..<panels.count).map { index in
            let panel = min(index / (panels.depth * Panels.width), panels.number - 1)
            let (k, column) = (index - panels.start(panel)).quotientAndRemainder(dividingBy: panels.width(panel))
            let output = panel * Panels.width + column
            return output < panels.outputs ? output * panels.depth + order[k] : nil
        }
    }
}
