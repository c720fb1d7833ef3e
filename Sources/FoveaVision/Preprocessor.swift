/// Turns encoded bytes into what a network reads, as torchvision and timm do on Pillow.
public struct Preprocessor: Sendable {
    /// Decodes, turns upright, resizes, crops and normalises.
    public func prepare(_ bytes: [UInt8]) throws(PictureError) -> PreparedPicture {
        fatalError("skeleton")
    }
}

/// A picture ready for the network, and how it got there.
public struct PreparedPicture: Sendable {
    /// [C, H, W] row-major, normalised.
    public let values: [Float]
    /// Size of the upright picture.
    public let width: Int
    public let height: Int
    /// The EXIF orientation applied, 1 to 8; 1 where there was none or it is ignored.
    public let orientation: Int
    /// The part of the upright picture that the network sees, in its pixels.
    public let crop: CropRectangle
}

public struct CropRectangle: Sendable, Hashable {
    public var x, y, width, height: Double
}

/// Why a picture was refused.
public enum PictureError: Error, Sendable {
    /// Neither JPEG nor PNG.
    case unsupported(String)
    /// Truncated, corrupt, or more pixels than allowed.
    case undecodable(String)
}
