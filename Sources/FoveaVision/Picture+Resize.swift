extension Picture {
    /// The picture resized, equal to the byte to Pillow's `Image.resize((width, height), filter)` for modes L and RGB.
    public func resized(width: Int, height: Int, interpolation: Interpolation) -> Picture {
        resized(width: width, height: height, interpolation: interpolation, columns: 0..<max(1, width), rows: 0..<max(1, height))
    }

    /// Part of the resized picture. A resized pixel depends on no other, so the part is equal to a cut out of the whole, and the whole may be
    /// larger than could be held.
    ///
    /// - Parameters:
    ///   - width, height: the size of the whole; values below 1 count as 1.
    ///   - columns, rows: the part wanted, within `0..<width` and `0..<height`, neither empty.
    func resized(width: Int, height: Int, interpolation: Interpolation, columns: Range<Int>, rows: Range<Int>) -> Picture {
        let (width, height) = (max(1, width), max(1, height))
        let columns = columns.clamped(to: 0..<width)
        let rows = rows.clamped(to: 0..<height)
        if width == self.width && height == self.height {
            return columns.count == width && rows.count == height ? self : cropped(columns: columns, rows: rows)
        }
        if interpolation == .nearest { return nearest(width: width, height: height, columns: columns, rows: rows) }

        // Horizontally first, over the rows that the vertical pass will read; a pass whose axis keeps its size is left out.
        var result = self
        var remaining = rows
        var vertical: ResampleWeights?
        if height != self.height {
            let weights = ResampleWeights(input: self.height, output: height, range: rows, interpolation: interpolation)
            remaining = weights.sourceRange
            vertical = weights
        }
        if width != self.width {
            let weights = ResampleWeights(input: self.width, output: width, range: columns, interpolation: interpolation)
            result = ResampleKernels.horizontal(result, rows: remaining, weights)
        } else if remaining.count != self.height || columns.count != self.width {
            result = result.cropped(columns: columns, rows: remaining)
        }
        if let vertical { result = ResampleKernels.vertical(result, firstRow: remaining.lowerBound, vertical) }
        return result
    }

    /// Pillow's `ImagingScaleAffine`: the source position is stepped by addition, whose rounding error is part of the result.
    private func nearest(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) -> Picture {
        func positions(_ input: Int, _ output: Int, _ range: Range<Int>) -> [Int?] {
            let step = Double(Float(input)) / Double(output)
            var place = step * 0.5
            var found: [Int?] = []
            found.reserveCapacity(range.count)
            for index in 0..<range.upperBound {
                if index >= range.lowerBound { found.append(Int(place) < input ? Int(place) : nil) }
                place += step
            }
            return found
        }
        let (sourceColumns, sourceRows) = (positions(self.width, width, columns), positions(self.height, height, rows))
        var out = [UInt8](repeating: 0, count: columns.count * rows.count * channels)
        var to = 0
        for row in sourceRows {
            for column in sourceColumns {
                if let row, let column {
                    let from = (row * self.width + column) * channels
                    for channel in 0..<channels { out[to + channel] = pixels[from + channel] }
                }
                to += channels
            }
        }
        return Picture(unchecked: columns.count, rows.count, channels, out)
    }

    /// A rectangle of the picture, within it.
    func cropped(columns: Range<Int>, rows: Range<Int>) -> Picture {
        var out: [UInt8] = []
        out.reserveCapacity(columns.count * rows.count * channels)
        for row in rows {
            let start = (row * width + columns.lowerBound) * channels
            out += pixels[start..<start + columns.count * channels]
        }
        return Picture(unchecked: columns.count, rows.count, channels, out)
    }
}
