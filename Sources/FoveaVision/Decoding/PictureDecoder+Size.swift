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
            // IHDR comes first: the signature (8), the chunk's length and name (8), then both sides in network order.
            guard bytes.count >= 24 else { return 0 }
            let sides = [16, 20].map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
            return sides[0].multipliedReportingOverflow(by: sides[1]).overflow ? .max : sides[0] * sides[1]
        case nil: return 0
        }
    }
}
