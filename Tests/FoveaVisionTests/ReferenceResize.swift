@testable import FoveaVision

extension Picture {
    /// Pillow's 8-bit resampling written to be read: for every output one sum along one axis, rounded to bytes, then along the other.
    func referenceResized(width: Int, height: Int, interpolation: Interpolation) -> Picture {
        func widened(_ picture: Picture) -> Picture {
            guard width != self.width else { return picture }
            return picture.transposed(orientation: 5).referenceStretched(height: width, interpolation).transposed(orientation: 5)
        }
        func heightened(_ picture: Picture) -> Picture {
            height == self.height ? picture : picture.referenceStretched(height: height, interpolation)
        }
        let verticalFirst = height < self.height && self.height - height > 2 * (self.width - width)
        return verticalFirst ? widened(heightened(self)) : heightened(widened(self))
    }

    private func referenceStretched(height newHeight: Int, _ interpolation: Interpolation) -> Picture {
        let scale = Double(height) / Double(newHeight)
        let filterScale = max(scale, 1)
        let reach = interpolation.support * filterScale
        var out: [UInt8] = []
        for row in 0..<newHeight {
            let center = (Double(row) + 0.5) * scale
            let first = max(0, Int(center - reach + 0.5))
            let last = min(height, Int(center + reach + 0.5))
            let weights = (first..<last).map { interpolation.weight(at: (Double($0) - center + 0.5) * (1 / filterScale)) }
            let total = weights.reduce(0, +)
            let fixed = weights.map { Int(($0 / total * 4_194_304).rounded(.toNearestOrAwayFromZero)) }
            for x in 0..<width * channels {
                let sum = zip(first..<last, fixed).reduce(2_097_152) { $0 + Int(pixels[$1.0 * width * channels + x]) * $1.1 }
                out.append(UInt8(min(max(sum >> 22, 0), 255)))
            }
        }
        return Picture(unchecked: width, newHeight, channels, out)
    }
}
