/// How weights are stored; sums and maps are float32 in both.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    case float32 = "f32"
    /// The upper half of a float32, rounded to the nearest even: half the bytes to stream.
    case bfloat16 = "bf16"

    /// Numbers of float32 that `count` weights take.
    package func floats(_ count: Int) -> Int { self == .float32 ? count : (count + 1) / 2 }
}
