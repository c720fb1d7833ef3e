extension [Int] {
    /// The elements of a tensor of this shape; nil where a length is negative or the product overflows.
    var elementCount: Int? {
        var count = 1
        for length in self {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }
}
