/// Copies one part of a concatenation to its place.
public struct CopyKernel: Sendable {
    /// Elements before the axis, and of the part and the whole from the axis on.
    public let outer: Int
    package let part: Int
    package let whole: Int

    package init(outer: Int, part: Int, whole: Int) {
        self.outer = outer
        self.part = part
        self.whole = whole
    }

    /// - Parameter y: Where the part's first element goes.
    package func run(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
        for index in 0..<outer { (y + index * whole).update(from: x + index * part, count: part) }
    }
}
