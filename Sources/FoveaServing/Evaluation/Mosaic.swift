/// Four pictures in the quarters of one, each at half its size.
struct Mosaic {
    let channels, height, width: Int

    /// Each of the four [C, H, W] averaged down over squares of 2 × 2 pixels; the upper left, upper right, lower left, lower right quarter.
    func compose(_ parts: [[Float]]) -> [Float] {
        let (low, near) = (height / 2, width / 2)
        var out = [Float](repeating: 0, count: channels * height * width)
        for (quarter, part) in parts.prefix(4).enumerated() {
            let (top, left) = (quarter / 2 * low, quarter % 2 * near)
            for channel in 0..<channels {
                let plane = channel * height * width
                for y in 0..<low {
                    for x in 0..<near {
                        let from = plane + 2 * y * width + 2 * x
                        out[plane + (top + y) * width + left + x] =
                            (part[from] + part[from + 1] + part[from + width] + part[from + width + 1]) / 4
                    }
                }
            }
        }
        return out
    }

    /// The quarter that a pixel is in; `nil` on the last row or column of an odd size.
    func quarter(of pixel: Int) -> Int? {
        let (row, column) = (pixel / width, pixel % width)
        guard row < height / 2 * 2, column < width / 2 * 2 else { return nil }
        return row / (height / 2) * 2 + column / (width / 2)
    }
}
