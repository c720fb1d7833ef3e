/// A pair of numbers along height and width, in pixels.
package struct Extent2D: Sendable, Hashable {
    package var height: Int
    package var width: Int

    package init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    /// The same number along both axes.
    package init(_ both: Int) {
        self.init(both, both)
    }

    /// Height times width.
    package var area: Int { height * width }
}
