/// How weights are stored that a step streams from memory: those of linear layers, of convolutions and of dynamic ones. Sums and maps are float32 in all.
///
/// Weights that stay in cache or are stored transformed are float32 whatever is asked for (`ConvolutionMethod`), and so are those of deformable
/// convolutions and of dynamic or generated ones in groups, whose kernels read them as PyTorch stores them.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    case float32 = "f32"
    /// The upper half of a float32, rounded to the nearest even: half the bytes to stream.
    case bfloat16 = "bf16"
    /// Whole numbers of 16 bits, each output's weights times what makes the largest of them 32,767: as few bytes, and where weights are spread
    /// as a normal distribution is a fortieth of bfloat16's rounding.
    case fixed16 = "i16"

    /// The largest number of `fixed16`.
    package static let largestFixed16 = 32_767.0

    /// Numbers of float32 that `count` weights take.
    public func floats(_ count: Int) -> Int { self == .float32 ? count : (count + 1) / 2 }
}
