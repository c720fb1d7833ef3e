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

        let horizontal =
            width == self.width
            ? nil : ResampleWeights(input: self.width, output: width, range: columns, interpolation: interpolation)
        let vertical =
            height == self.height
            ? nil : ResampleWeights(input: self.height, output: height, range: rows, interpolation: interpolation)
        // A pass whose axis keeps its size is left out; the part wanted of that axis is then cut out.
        guard let horizontal else {
            let part = columns.count == self.width ? self : cropped(columns: columns, rows: 0..<self.height)
            return vertical.map { ResampleKernels.vertical(part, columns: 0..<part.width, $0) } ?? part
        }
        guard let vertical else { return ResampleKernels.horizontal(self, rows: rows, horizontal) }
        if Self.startsVertically(from: (self.width, self.height), to: (width, height)) {
            let needed = horizontal.sourceRange
            let narrow = ResampleKernels.vertical(self, columns: needed, vertical)
            return ResampleKernels.horizontal(narrow, rows: 0..<narrow.height, horizontal.moved(by: -needed.lowerBound))
        }
        let needed = vertical.sourceRange
        let low = ResampleKernels.horizontal(self, rows: needed, horizontal)
        return ResampleKernels.vertical(low, columns: 0..<low.width, vertical.moved(by: -needed.lowerBound))
    }

    /// Which pass comes first shows in the result, since each rounds to bytes. Pillow before 13 always began horizontally; 13 begins vertically
    /// where the height shrinks by more than twice as many pixels as the width (pull request 9549; found by trial on 13.0.0).
    static func startsVertically(from old: (width: Int, height: Int), to new: (width: Int, height: Int)) -> Bool {
        new.height < old.height && old.height - new.height > 2 * (old.width - new.width)
    }

    /// Pillow's `ImagingScaleAffine`: the source position is stepped by addition, whose rounding error is part of the result on axes that a
    /// picture may have.
    private func nearest(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) -> Picture {
        func positions(_ input: Int, _ output: Int, _ range: Range<Int>) -> [Int?] {
            let step = Double(Float(input)) / Double(output)
            // Where only part of a very long axis is wanted, all before it must not be walked; nobody holds it against Pillow's.
            if output > PictureFormat.maxSide {
                return range.map { index in
                    let place = Int(step * (Double(index) + 0.5))
                    return place < input ? place : nil
                }
            }
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
