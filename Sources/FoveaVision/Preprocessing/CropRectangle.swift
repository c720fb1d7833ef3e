/// A rectangle of the upright picture, in its pixels; (0, 0) is the outer corner of the top left pixel.
///
/// Where a border was added (`CropMode.border`, or a picture smaller than the crop) the rectangle reaches past the picture, so that it is
/// always the place where a map of the whole input belongs.
public struct CropRectangle: Sendable, Hashable {
    public var x, y, width, height: Double

    /// A rectangle from its parts.
    public init(x: Double, y: Double, width: Double, height: Double) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
}
