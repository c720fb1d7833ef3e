extension Int {
    /// The least multiple that is not less.
    @inlinable public func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }

    /// Rows of a block of a product of matrices with as many rows: a quarter of them in whole eights, and 16 at least.
    var rowsPerBlock: Int { Swift.min(self, Swift.max(16, ((self + 3) / 4).roundedUp(to: 8))) }
}
