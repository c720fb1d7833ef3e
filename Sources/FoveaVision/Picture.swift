/// An 8-bit picture, row-major.
public struct Picture: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// 1 (grey) or 3 (red, green, blue), interleaved.
    public let channels: Int
    public let pixels: [UInt8]
}
