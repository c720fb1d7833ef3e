extension PictureFormat {
    /// The longest side, libpng's own default. The filter of a resize reaches over many pixels of a side this long: it bounds that work.
    static let maxSide = 1_000_000

    /// Refuses sizes above the limits, without overflow.
    func checkSize(_ width: Int, _ height: Int, maxPixels: Int) throws(PictureError) {
        guard width > 0, height > 0 else {
            throw .undecodable("\(rawValue): the header says \(width)×\(height) pixels; both sides must be at least 1")
        }
        guard max(width, height) <= Self.maxSide else {
            throw .undecodable("\(rawValue): \(width)×\(height) pixels; a side may have \(Self.maxSide) at most")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        if overflow || pixels > maxPixels {
            let count = overflow ? "too many" : "\(pixels)"
            throw .undecodable(
                "\(rawValue): \(width)×\(height) = \(count) pixels are more than the limit of \(maxPixels); send a smaller picture")
        }
    }
}
