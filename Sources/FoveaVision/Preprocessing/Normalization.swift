/// Bytes to the network's numbers: torchvision's `ToTensor` and `Normalize` in float32, `(x / 255 - mean) / std` in that order, tabulated for the
/// 256 bytes of each channel. Folding it into one multiplication and addition would change last bits.
struct Normalization: Sendable {
    /// 256 values for each channel.
    let table: [Float]

    init(mean: [Float], std: [Float]) {
        table = zip(mean, std).flatMap { mean, std in (0..<256).map { (Float($0) / 255 - mean) / std } }
    }
}
