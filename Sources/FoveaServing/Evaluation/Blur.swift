import FoundationEssentials
import Glibc

/// A picture without its details: what insertion begins with (Petsiuk, Das and Saenko, "RISE", 2018), so that no edge of a covered part is new to the network.
enum Blur {
    /// Each plane of [C, H, W] under a Gaussian whose standard deviation is an eighth of the shorter side; beyond the border nothing is counted.
    static func gaussian(_ values: [Float], height: Int, width: Int) -> [Float] {
        guard height > 0, width > 0 else { return values }
        let deviation = Double(min(height, width)) / 8
        let reach = max(1, Int((3 * deviation).rounded(.up)))
        let kernel = (-reach...reach).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
        var result = values
        for plane in stride(from: 0, to: values.count - height * width + 1, by: height * width) {
            for row in 0..<height { line(&result, from: plane + row * width, count: width, step: 1, kernel, reach) }
            for column in 0..<width { line(&result, from: plane + column, count: height, step: width, kernel, reach) }
        }
        return result
    }

    private static func line(_ values: inout [Float], from start: Int, count: Int, step: Int, _ kernel: [Double], _ reach: Int) {
        let source = (0..<count).map { Double(values[start + $0 * step]) }
        for place in 0..<count {
            var (sum, weights) = (0.0, 0.0)
            for other in max(0, place - reach)..<min(count, place + reach + 1) {
                let weight = kernel[other - place + reach]
                sum += weight * source[other]
                weights += weight
            }
            values[start + place * step] = Float(sum / weights)
        }
    }
}
