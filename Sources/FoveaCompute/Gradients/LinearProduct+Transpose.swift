extension LinearProduct {
    /// Numbers of one row of gradients: the outputs of whole panels.
    public var transposedRow: Int { panels.number * Panels.width }

    /// Inputs of a block of work: its sums stay in cache while every panel's stretch of the weights streams by, and a stretch is long
    /// enough for the processor to read ahead. Each sum is one input's own, so the number changes no bit.
    public func transposedInputs(rows: Int) -> Int { max(64, 1024 / max(rows, 1)) / 16 * 16 }
}
