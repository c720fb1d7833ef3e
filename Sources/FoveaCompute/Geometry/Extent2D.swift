/// A pair of numbers along height and width, in pixels.
public struct Extent2D: Sendable, Hashable {
    package var height: Int
    package var width: Int

    package init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    /// The same number along both axes.
    public init(_ both: Int) {
        self.init(both, both)
    }

    /// Height times width.
    public var area: Int { height * width }
}
