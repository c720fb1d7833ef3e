/// Maps of one number a position, from a layer's map [K, H·W] and weights or gradients.
public enum ActivationMaps {
    /// Σₖ weights[k] · map[k]: summed in double precision, channel by channel.
    public static func weighted(_ map: [Float], by weights: [Float]) -> [Float] {
        let area = map.count / max(weights.count, 1)
        var sums = [Double](repeating: 0, count: area)
        map.withUnsafeBufferPointer { map in
            sums.withUnsafeMutableBufferPointer { sums in
                for channel in weights.indices {
                    let weight = Double(weights[channel])
                    let start = channel * area
                    for position in 0..<area { sums[position] += weight * Double(map[start + position]) }
                }
            }
        }
        return sums.map { Float($0) }
    }

    /// Σₖ gradient[k] ⊙ map[k], the gradients at each position, or each channel's mean of them, or what of them is positive.
    package static func weighted(_ map: [Double], by gradient: [Double], channels: Int, _ weighting: Weighting) -> [Float] {
        let area = map.count / max(channels, 1)
        var sums = [Double](repeating: 0, count: area)
        for channel in 0..<channels {
            let start = channel * area
            switch weighting {
            case .mean:
                var mean = 0.0
                for position in 0..<area { mean += gradient[start + position] }
                mean /= Double(area)
                for position in 0..<area { sums[position] += mean * map[start + position] }
            case .each:
                for position in 0..<area { sums[position] += gradient[start + position] * map[start + position] }
            case .positive:
                for position in 0..<area { sums[position] += max(gradient[start + position], 0) * map[start + position] }
            }
        }
        return sums.map { Float($0) }
    }

    package enum Weighting: Sendable { case mean, each, positive }
}

extension Blocked {
    /// A blocked map as a row-major one, [channels, area].
    public static func rowMajor(_ map: UnsafePointer<Float>, channels: Int, area: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: channels * area) { values, count in
            for channel in 0..<channels {
                let (block, lane) = channel.quotientAndRemainder(dividingBy: lanes)
                let source = map + block * area * lanes + lane
                for position in 0..<area { values[channel * area + position] = source[position * lanes] }
            }
            count = channels * area
        }
    }
}

extension LinearProduct {
    /// The weights of one output, [in], from the layer's packed weights.
    public func row(_ output: Int, of packed: UnsafePointer<Float>) -> [Float] {
        let (panel, column) = output.quotientAndRemainder(dividingBy: Panels.width)
        let (start, width) = (panels.start(panel), panels.width(panel))
        switch precision {
        case .float32: return (0..<inputs).map { packed[start + $0 * width + column] }
        case .bfloat16:
            // As `WeightWriter` puts them: the halves of a row in pairs.
            let (half, pair) = column.quotientAndRemainder(dividingBy: width / 2)
            let raw = UnsafeRawPointer(packed)
            return (0..<inputs).map { index in
                let bits = raw.load(fromByteOffset: (start + index * width + 2 * pair + half) * 2, as: UInt16.self)
                return Float(bitPattern: UInt32(bits) << 16)
            }
        case .fixed16:
            let raw = UnsafeRawPointer(packed)
            return (0..<inputs).map { Float(raw.load(fromByteOffset: (start + $0 * width + column) * 2, as: Int16.self)) }
        }
    }
}
