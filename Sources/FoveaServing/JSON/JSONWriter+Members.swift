/// An object's members, name and value in one.
extension JSONWriter {
    /// Writes a string.
    public mutating func member(_ name: String, _ text: String) {
        key(name)
        value(text)
    }

    /// Writes a whole number.
    public mutating func member(_ name: String, _ number: Int) {
        key(name)
        value(number)
    }

    /// Writes `true` or `false`.
    public mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    /// Writes a number, or `null` for what JSON has no number for.
    public mutating func member(_ name: String, _ number: Double) {
        key(name)
        value(number)
    }

    /// Writes a number, or `null` for what JSON has no number for.
    public mutating func member(_ name: String, _ number: Float) {
        key(name)
        value(number)
    }

    /// Writes an array of whole numbers.
    public mutating func member(_ name: String, _ numbers: [Int]) {
        key(name)
        value(numbers)
    }

    /// Writes an array of strings.
    public mutating func member(_ name: String, _ texts: [String]) {
        key(name)
        value(texts)
    }

    /// Writes an array of floats.
    public mutating func member(_ name: String, _ numbers: [Float]) {
        key(name)
        value(numbers)
    }

    /// Writes `{…}`.
    public mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
        key(name)
        object(members)
    }

    /// Writes `[…]`.
    public mutating func array(_ name: String, _ elements: (inout JSONWriter) -> Void) {
        key(name)
        array(elements)
    }
}
