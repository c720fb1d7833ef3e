extension PictureDecoder {
    /// The pixels (width × height) that a file's header announces, without decoding or checking anything else; 0 where there is no such header.
    ///
    /// What ``decode(_:)`` will need memory for, as far as it takes the file at all.
    public static func announcedPixels(_ bytes: [UInt8]) -> Int {
        switch try? PictureFormat(of: bytes) {
        case .jpeg:
            guard let frame = try? JPEGMarkers(bytes).frame else { return 0 }
            return frame.width.multipliedReportingOverflow(by: frame.height).partialValue
        case .png:
            guard let size = PNGChunks.announcedSize(bytes) else { return 0 }
            let (pixels, overflow) = size.width.multipliedReportingOverflow(by: size.height)
            return overflow ? .max : pixels
        case nil: return 0
        }
    }
}
