/// A picture decoded and turned upright.
public struct DecodedPicture: Sendable {
    /// The picture as it is meant to be seen. Grey files stay at one channel.
    public let upright: Picture
    /// The EXIF orientation applied, 1 to 8; 1 where there was none or it is ignored.
    public let orientation: Int
    /// What the bytes were.
    public let format: PictureFormat
}
