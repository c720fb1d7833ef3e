extension PictureDecoder {
    /// The pixels (width × height) that a file's header announces, without decoding or checking anything else; 0 where there is no such header.
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

    /// The bytes that ``decode(_:)`` holds at its most besides the file, by what the file's header announces; 0 where decoding refuses that at once.
    ///
    /// A pixel is three bytes, or one of grey. A picture is there twice while it is turned upright, and with all its coefficients while the scans
    /// of a JPEG are gathered.
    public func peakBytes(_ bytes: [UInt8]) -> Int {
        guard Self.announcedPixels(bytes) <= maxPixels else { return 0 }
        switch try? PictureFormat(of: bytes) {
        case .jpeg:
            guard let markers = try? JPEGMarkers(bytes), let announced = JPEGDecoder.announcedBytes(bytes) else { return 0 }
            return max(announced.peak, applied(markers.metadata) > 1 ? 2 * announced.picture : 0)
        case .png:
            guard let size = PNGChunks.announcedSize(bytes) else { return 0 }
            // The orientation may stand behind the picture, in a compressed text: each is taken for turned.
            return size.width * size.height * size.channels * (orientation == .exif ? 2 : 1)
        case nil: return 0
        }
    }
}
