import FoveaGraph

/// A² double attention (Chen et al., 2018): `c_n` descriptors are gathered from all positions, and each position is given a mixture of them.
///
/// Maps: `gather` [Cn, H, W], `distribute` [Cn, H, W], and `spatial` [H, W], the mean of `gather`'s maps, each scaled to a maximum of 1.
struct DoubleAttention: Module {
    /// What the distribute vectors sum to 1 over.
    enum Normalization: String, CaseIterable {
        /// A position's weights of the descriptors: the paper's.
        case descriptors
        /// A descriptor's weights at all positions: many published copies'.
        case positions
    }

    /// Channels of a descriptor; the place's where it is absent.
    var descriptorChannels: Int?
    /// How many descriptors; as many as the place has channels where it is absent.
    var descriptors: Int?
    /// Whether a 1×1 convolution restores the channels.
    var reconstruct = true
    var normalization = Normalization.descriptors
    /// Whether the block's input is added to what it distributes.
    var residual = false

    func callAsFunction(_ x: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let (cm, cn) = (descriptorChannels ?? x.channels, descriptors ?? x.channels)
        guard reconstruct || cm == x.channels else {
            throw ModelError("\(weights.path): without reconstruct c_m is the place's \(x.channels) channels, but here it is \(cm).")
        }
        let area = x.mapShape.reduce(1, *)
        let features = try graph.reshape(try graph.conv1x1(x, to: cm, weights["convA"]), to: [cm, area])
        let gathering = try graph.reshape(try graph.conv1x1(x, to: cn, weights["convB"]), to: [cn, area])
        let distributing = try graph.reshape(try graph.conv1x1(x, to: cn, weights["convV"]), to: [cn, area])
        let gather = try graph.softmax(gathering, axis: 1)
        let distribute = try graph.softmax(distributing, axis: normalization == .descriptors ? 0 : 1)

        let gathered = try graph.matrixProduct(features, gather, transposingSecond: true, layer: weights.path)
        let distributed = try graph.matrixProduct(gathered, distribute, layer: weights.path)
        var out = try graph.reshape(distributed, to: [cm] + x.mapShape)
        if reconstruct { out = try graph.conv1x1(out, to: x.channels, weights["conv_reconstruct"]) }
        if residual { out = try graph.add(x, out) }
        graph.module(weights.path, operation: "DoubleAttention", output: out)

        try graph.tap(gather, layer: weights.path, kind: .gather, shape: [cn] + x.mapShape)
        try graph.tap(distribute, layer: weights.path, kind: .distribute, shape: [cn] + x.mapShape)
        let scaled = try graph.divide(gather, try graph.max(gather, axis: 1))
        try graph.tap(try graph.mean(scaled, axis: 0), layer: weights.path, kind: .spatial, shape: x.mapShape)
        return out
    }
}
