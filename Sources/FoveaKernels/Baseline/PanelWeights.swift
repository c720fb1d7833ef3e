/// How sixteen neighbouring weights of a panel become a vector.
protocol PanelWeights {
    /// - Parameter index: of the first weight, from the panel's start
    static func load(_ panel: UnsafeRawPointer, _ index: Int) -> Vector
    /// Bytes of a weight.
    static var size: Int { get }
}

enum Float32Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ index: Int) -> Vector {
        panel.loadUnaligned(fromByteOffset: index &* 4, as: Vector.self)
    }

    @inline(__always) static var size: Int { 4 }
}

/// The upper halves of float32.
enum BFloat16Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ index: Int) -> Vector {
        let halves = panel.loadUnaligned(fromByteOffset: index &* 2, as: SIMD16<UInt16>.self)
        return unsafeBitCast(SIMD16<UInt32>(truncatingIfNeeded: halves) &<< 16, to: Vector.self)
    }

    @inline(__always) static var size: Int { 2 }
}
