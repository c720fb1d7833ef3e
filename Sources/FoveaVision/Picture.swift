/// An 8-bit picture, row-major.
public struct Picture: Sendable, Hashable {
    /// In pixels, at least 1.
    public let width: Int
    /// In pixels, at least 1.
    public let height: Int
    /// 1 (grey) or 3 (red, green, blue), interleaved.
    public let channels: Int
    /// `height * width * channels` bytes.
    public let pixels: [UInt8]

    /// A picture of given pixels, or nil where their number is not `width * height * channels`, a side is below 1, or `channels` is
    /// neither 1 nor 3.
    public init?(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        guard width > 0, height > 0, channels == 1 || channels == 3 else { return nil }
        let (area, tooLarge) = width.multipliedReportingOverflow(by: height)
        guard !tooLarge, area <= Int.max / channels, pixels.count == area * channels else { return nil }
        self.init(unchecked: width, height, channels, pixels)
    }

    /// For the code of this module that made the pixels itself.
    init(unchecked width: Int, _ height: Int, _ channels: Int, _ pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// A picture whose pixels `fill` writes, each of them.
    init(width: Int, height: Int, channels: Int, fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        let count = width * height * channels
        self.init(
            unchecked: width, height, channels,
            [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
                if let base = buffer.baseAddress { fill(base) }
                written = count
            })
    }
}
