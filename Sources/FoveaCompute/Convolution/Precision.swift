/// How weights are stored; sums and maps are float32 in all.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    case float32 = "f32"
    /// The upper half of a float32, rounded to the nearest even: half the bytes to stream.
    case bfloat16 = "bf16"
    /// IEEE 754's binary16: as few bytes and an eighth of bfloat16's rounding, for weights of at most 65,504.
    case float16 = "f16"

    /// Numbers of float32 that `count` weights take.
    public func floats(_ count: Int) -> Int { self == .float32 ? count : (count + 1) / 2 }
}
