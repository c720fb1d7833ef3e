import FoveaGraph

/// A PyTorch module: adds its operations to a graph, with its tensors from its own scope of the checkpoint.
protocol Module: Sendable {
    /// - Parameter weights: The module's scope; its path is the layer's name.
    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value
}

/// A module that can take the place of a convolution.
protocol ConvolutionModule: Sendable {
    func callAsFunction(_ x: Value, _ window: Window, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value
}

/// The arguments of `torch.nn.Conv2d` that come from a convolution's place; the input channels are those of its input.
struct Window: Sendable, Hashable {
    var channels: Int
    var kernel = 1
    var stride = 1
    var padding = 0
    var dilation = 1
    var groups = 1
}

extension Window {
    /// With a block's own groups and dilation, where it was given some; the padding grows with the dilation, so that the map keeps its size.
    func with(groups: Int?, dilation: Int?) -> Window {
        var window = self
        if let groups { window.groups = groups }
        if let dilation {
            window.dilation = dilation
            window.padding = dilation * (kernel - 1) / 2
        }
        return window
    }

    /// [Cout, Cin/groups, k, k].
    func kernelShape(from inputs: Int, _ weights: Weights) throws(ModelError) -> [Int] {
        guard inputs > 0, channels > 0, groups > 0, inputs % groups == 0, channels % groups == 0 else {
            throw ModelError("\(weights.path): \(inputs) channels cannot become \(channels) in \(groups) groups.")
        }
        return [channels, inputs / groups, kernel, kernel]
    }
}
