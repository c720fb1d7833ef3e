import Glibc

/// How a picture is resized. The names are timm's and Pillow's (`Image.Resampling`).
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
    case nearest, box, bilinear, hamming, bicubic, lanczos

    /// How far the filter reaches to either side, in source pixels at scale 1 (Pillow's Resample.c).
    var support: Double {
        switch self {
        case .nearest, .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The filter's weight at distance `x`, each by the expression of Pillow's Resample.c, whose order of operations decides the last bit.
    func weight(at x: Double) -> Double {
        let distance = abs(x)
        switch self {
        case .nearest, .box:
            return x > -0.5 && x <= 0.5 ? 1 : 0
        case .bilinear:
            return distance < 1 ? 1 - distance : 0
        case .hamming:
            guard distance != 0 else { return 1 }
            guard distance < 1 else { return 0 }
            let angle = distance * Double.pi
            // The two constants are floats in Pillow.
            return sin(angle) / angle * (Double(Float(0.54)) + Double(Float(0.46)) * cos(angle))
        case .bicubic:
            let a = -0.5
            if distance < 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
            if distance < 2 { return (((distance - 5) * distance + 8) * distance - 4) * a }
            return 0
        case .lanczos:
            return x >= -3 && x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        guard x != 0 else { return 1 }
        let angle = x * Double.pi
        return sin(angle) / angle
    }
}
