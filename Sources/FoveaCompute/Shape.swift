/// The extents of a tensor, outermost first, as in PyTorch. A picture's tensor has no batch axis: a feature map is [C, H, W].
public typealias Shape = [Int]

extension Array where Element == Int {
    /// The number of elements of a tensor of this shape; `nil` where an extent is negative or the product overflows.
    public var elementCount: Int? {
        var count = 1
        for extent in self {
            guard extent >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    /// The product of the extents in `range`, for shapes whose `elementCount` is known to exist.
    public func extent(of range: Range<Int>) -> Int {
        self[range].reduce(1, *)
    }
}
