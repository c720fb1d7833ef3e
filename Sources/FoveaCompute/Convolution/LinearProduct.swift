/// A linear layer over all pictures of a pass: the weights stream from memory once, whatever the batch.
public struct LinearProduct: Sendable, PackedWeights {
    package let inputs: Int
    package let outputs: Int
    package let precision: Precision
    package let panels: Panels

    package init(inputs: Int, outputs: Int, precision: Precision = .float32) {
        self.inputs = inputs
        self.outputs = outputs
        self.precision = precision
        panels = Panels(outputs: outputs, depth: inputs)
    }

    package var weightCount: Int { precision.floats(panels.count) }

    /// Panels of a block of work: enough to be worth waking a thread for, and several, since a batch's inputs are gathered for each block.
    public var panelsPerBlock: Int { min(panels.number, max(2, (1 << 15) / (max(inputs, 1) * Panels.width))) }

    /// Elements of the depth that are summed before the sum joins what was summed before.
    public static let chunk = ProductConvolution.segments * Blocked.lanes

    /// Numbers of scratch memory that each thread needs: gathered inputs, then sums.
    public var scratchCount: Int { Pass.mostPictures * (Self.chunk + panelsPerBlock * Panels.width) }
}
