/// Encoded bytes to an upright picture, equal to Pillow's `ImageOps.exif_transpose(Image.open(f)).convert("RGB")` (grey files stay grey).
public struct PictureDecoder: Sendable {
    /// Pillow's own warning limit (`Image.MAX_IMAGE_PIXELS`): a quarter of a GiB for a 24-bit picture.
    public static let defaultMaxPixels = 89_478_485

    /// Whether the EXIF orientation is applied.
    public let orientation: OrientationPolicy
    /// The most pixels (width × height) that a header may announce.
    public let maxPixels: Int

    /// A decoder with its limits.
    public init(orientation: OrientationPolicy = .exif, maxPixels: Int = PictureDecoder.defaultMaxPixels) {
        self.orientation = orientation
        self.maxPixels = maxPixels
    }

    /// Decodes a whole JPEG or PNG file.
    ///
    /// - Throws: `PictureError.unsupported` where the bytes are neither; `PictureError.undecodable` where Pillow would refuse them too, or
    ///   where the header announces more than `maxPixels`. Nothing is allocated for the pixels before the header was checked.
    public func decode(_ bytes: [UInt8]) throws(PictureError) -> DecodedPicture {
        let format = try PictureFormat(of: bytes)
        let picture: Picture
        let metadata: PictureMetadata
        switch format {
        case .jpeg: (picture, metadata) = try JPEGDecoder.decode(bytes, maxPixels: maxPixels)
        case .png: (picture, metadata) = try PNGDecoder.decode(bytes, maxPixels: maxPixels)
        }
        let applied = applied(metadata)
        return DecodedPicture(upright: picture.transposed(orientation: applied), orientation: applied, format: format)
    }

    /// The orientation that a picture is turned by.
    func applied(_ metadata: PictureMetadata) -> Int { orientation == .exif ? metadata.orientation : 1 }
}
