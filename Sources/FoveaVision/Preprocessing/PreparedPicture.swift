/// A picture ready for the network, and how it got there.
public struct PreparedPicture: Sendable {
    /// [C, H, W] row-major, normalised.
    public let values: [Float]
    /// Width of the upright picture, in pixels.
    public let width: Int
    /// Height of the upright picture, in pixels.
    public let height: Int
    /// The EXIF orientation applied, 1 to 8; 1 where there was none or it is ignored.
    public let orientation: Int
    /// The part of the upright picture that the network sees, in its pixels.
    public let crop: CropRectangle
}
