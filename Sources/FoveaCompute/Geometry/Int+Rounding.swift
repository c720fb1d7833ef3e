extension Int {
    /// The least multiple that is not less.
    @inlinable public func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
