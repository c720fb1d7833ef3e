/// The sizes of a two-dimensional convolution of one picture: [Cin, H, W] to [Cout, OH, OW] with weights [Cout, Cin/groups, kh, kw].
public struct ConvolutionGeometry: Sendable, Hashable {
    package let inputChannels: Int
    package let outputChannels: Int
    package let groups: Int
    package let window: WindowGeometry

    /// - Returns: `nil` where the groups do not divide both channel counts.
    public init?(inputChannels: Int, outputChannels: Int, groups: Int = 1, window: WindowGeometry) {
        guard inputChannels > 0, outputChannels > 0, groups > 0,
            inputChannels.isMultiple(of: groups), outputChannels.isMultiple(of: groups)
        else { return nil }
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.groups = groups
        self.window = window
    }

    /// Input channels that one output channel reads.
    public var inputsPerGroup: Int { inputChannels / groups }
    /// Output channels of a group.
    public var outputsPerGroup: Int { outputChannels / groups }
    /// Products that one output element sums: a row of the weight matrix.
    public var depth: Int { inputsPerGroup * window.kernel.area }
    /// Positions of the input map and of the output map.
    public var inputArea: Int { window.input.area }
    /// Output positions.
    public var outputArea: Int { window.output.area }
    /// [Cout, OH, OW]
    package var outputShape: Shape { [outputChannels, window.output.height, window.output.width] }
    package var weightCount: Int { outputChannels * depth }
    /// Products in all.
    public var multiplyAdds: Int { weightCount * outputArea }
}
