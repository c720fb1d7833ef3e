extension Picture {
    /// The picture turned as Pillow's `ImageOps.exif_transpose` turns one of this EXIF orientation; itself for 1 and for values that mean nothing.
    func transposed(orientation: Int) -> Picture {
        guard (2...8).contains(orientation) else { return self }
        let swaps = orientation >= 5
        let (outWidth, outHeight) = swaps ? (height, width) : (width, height)
        // Where output (0, 0) comes from, and how far one step right or down in the output moves in the source, in pixels.
        let (right, bottom) = (width - 1, (height - 1) * width)
        let (origin, stepX, stepY): (Int, Int, Int) =
            switch orientation {
            case 2: (right, -1, width)
            case 3: (right + bottom, -1, -width)
            case 4: (bottom, 1, -width)
            case 5: (0, width, 1)
            case 6: (bottom, -width, 1)
            case 7: (right + bottom, -width, -1)
            default: (right, width, -1)
            }
        return Picture(width: outWidth, height: outHeight, channels: channels) { out in
            pixels.withUnsafeBufferPointer { buffer in
                guard let source = buffer.baseAddress else { return }
                // Squares that fit the first-level cache on both sides: a transposition walks one side by columns.
                let tile = swaps ? 32 : max(outWidth, outHeight)
                for tileY in stride(from: 0, to: outHeight, by: tile) {
                    for tileX in stride(from: 0, to: outWidth, by: tile) {
                        for y in tileY..<min(tileY + tile, outHeight) {
                            Self.copyRow(
                                from: source, origin + y * stepY + tileX * stepX, stepX, to: out, y * outWidth + tileX,
                                count: min(tile, outWidth - tileX), channels)
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func copyRow(
        from source: UnsafePointer<UInt8>, _ first: Int, _ step: Int, to out: UnsafeMutablePointer<UInt8>, _ start: Int, count: Int,
        _ channels: Int
    ) {
        if channels == 1 {
            var from = first
            for i in start..<start + count {
                out[i] = source[from]
                from += step
            }
        } else {
            var from = 3 * first
            var to = 3 * start
            for _ in 0..<count {
                out[to] = source[from]
                out[to + 1] = source[from + 1]
                out[to + 2] = source[from + 2]
                from += 3 * step
                to += 3
            }
        }
    }
}
