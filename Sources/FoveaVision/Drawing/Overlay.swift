/// Draws maps over the picture that they are of, each on the part of it that the network saw.
///
/// Where the network saw the picture, each colour is the mean of the map's and of the picture's brightness, so that the hue is the map's alone; the rest of the
/// picture is grey and pale.
public struct Overlay: Sendable {
    /// The longest side of a drawing, in pixels; larger pictures are made smaller first.
    public static let longestSide = 1024

    /// The picture that is drawn on.
    public let canvas: Picture
    /// What the network saw of it, in the canvas's pixels.
    private let crop: CropRectangle

    /// - Parameters:
    ///   - canvas: the upright picture, or one that ``canvas(for:)`` made of it.
    ///   - crop: what the network saw, in pixels of a picture of `width` × `height`.
    public init(canvas: Picture, crop: CropRectangle, width: Int, height: Int) {
        self.canvas = canvas.rgb
        let (scaleX, scaleY) = (Double(canvas.width) / Double(max(1, width)), Double(canvas.height) / Double(max(1, height)))
        self.crop = CropRectangle(x: crop.x * scaleX, y: crop.y * scaleY, width: crop.width * scaleX, height: crop.height * scaleY)
    }

    /// A picture at the size that it is drawn on: its own, or scaled so that the longer side is ``longestSide``.
    public static func canvas(for upright: Picture) -> Picture {
        let longest = max(upright.width, upright.height)
        guard longest > longestSide else { return upright }
        let scale = Double(longestSide) / Double(longest)
        return upright.resized(
            width: max(1, Int((Double(upright.width) * scale).rounded())), height: max(1, Int((Double(upright.height) * scale).rounded())),
            interpolation: .bilinear)
    }

    /// The picture with a map over it; the map's least finite value has the first colour, its greatest the last.
    ///
    /// Elements that are no finite number are drawn as if the network had not seen them; a map that is the same everywhere has the colour in the middle.
    ///
    /// - Parameter values: `height` × `width` numbers, row-major.
    public func drawing(of values: [Float], height: Int, width: Int, colormap: Colormap) -> Picture {
        var out = Self.unseen(canvas)
        guard height > 0, width > 0, values.count == height * width else {
            return Picture(unchecked: canvas.width, canvas.height, 3, out)
        }
        let rows = HeatPlacement(length: canvas.height, start: crop.y, extent: crop.height, elements: height)
        let columns = HeatPlacement(length: canvas.width, start: crop.x, extent: crop.width, elements: width)
        let colors = colormap.table
        // Horizontally first, every row of the map; then each row of the canvas is blended from those.
        let wide = columns.widened(Self.normalized(values), height: height, width: width)
        let count = columns.pixels.count
        var line = [Float](repeating: 0, count: count)
        for (row, tap) in zip(rows.pixels, rows.taps) {
            for x in 0..<count { line[x] = 0 }
            for (offset, weight) in tap.weights.enumerated() where weight != 0 {
                let start = (tap.first + offset) * count
                for x in 0..<count { line[x] += weight * wide[start + x] }
            }
            let start = 3 * (row * canvas.width + columns.pixels.lowerBound)
            Self.blend(line, colors, canvas.pixels, into: &out, from: start)
        }
        return Picture(unchecked: canvas.width, canvas.height, 3, out)
    }

    // MARK: -

    /// As Rec. 601 weighs the three colours.
    @inline(__always)
    private static func brightness(_ pixels: [UInt8], _ place: Int) -> Int {
        (77 * Int(pixels[place]) + 150 * Int(pixels[place + 1]) + 29 * Int(pixels[place + 2])) >> 8
    }

    /// The brightness alone, half way to a light grey.
    private static func unseen(_ picture: Picture) -> [UInt8] {
        let source = picture.pixels
        return [UInt8](unsafeUninitializedCapacity: source.count) { out, written in
            for i in stride(from: 0, to: source.count - 2, by: 3) {
                let grey = UInt8(truncatingIfNeeded: (brightness(source, i) + 160) / 2)
                (out[i], out[i + 1], out[i + 2]) = (grey, grey, grey)
            }
            written = source.count
        }
    }

    private static func blend(_ line: [Float], _ colors: [UInt8], _ picture: [UInt8], into out: inout [UInt8], from start: Int) {
        var place = start
        for value in line {
            defer { place += 3 }
            // Not so for NaN.
            guard value >= 0 else { continue }
            let color = 3 * Int(min(value + 0.5, 255))
            let brightness = brightness(picture, place)
            for channel in 0..<3 {
                out[place + channel] = UInt8(truncatingIfNeeded: (brightness + Int(colors[color + channel]) + 1) / 2)
            }
        }
    }

    /// From 0 for the least to 255 for the greatest finite value; NaN for what is not finite.
    private static func normalized(_ values: [Float]) -> [Float] {
        var (least, greatest) = (Float.infinity, -Float.infinity)
        for value in values where value.isFinite {
            least = min(least, value)
            greatest = max(greatest, value)
        }
        // In double precision the difference of two floats is always finite.
        let span = Double(greatest) - Double(least)
        let factor = span > 0 ? 255 / span : 0
        let base: Float = span > 0 ? 0 : 127.5
        return values.map { $0.isFinite ? base + Float((Double($0) - Double(least)) * factor) : .nan }
    }
}
