extension Double {
    /// With so many digits behind the point, rounded half away from zero; "nan" or "inf" where there is no number.
    public func fixed(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let scaled = (magnitude * scale).rounded()
        // Beyond 2⁵³ a double has no digits behind the point that could be told.
        guard scaled < 0x1p53 else { return "\(self)" }
        let number = String(Int64(scaled))
        let padded = String(repeating: "0", count: Swift.max(0, digits + 1 - number.count)) + number
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
