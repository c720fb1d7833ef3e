/// How sixteen neighbouring weights of a panel's row become a vector.
protocol PanelWeights: SendableMetatype {
    /// - Parameter row: the weights before the row, from the panel's start
    /// - Parameter column: of the row's 16 or 32 weights the first, 0 or 16
    /// - Parameter width: 16 or 32
    static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector
    /// Bytes of a weight.
    static var size: Int { get }
}

enum Float32Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector {
        panel.loadUnaligned(fromByteOffset: (row &+ column) &* 4, as: Vector.self)
    }

    @inline(__always) static var size: Int { 4 }
}

/// The upper halves of float32, those of a row's first and second half in pairs (`WeightWriter`): a shift makes a vector of either.
enum BFloat16Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector {
        if width == 32 {
            let pairs = panel.loadUnaligned(fromByteOffset: row &* 2, as: SIMD16<UInt32>.self)
            return unsafeBitCast(column == 0 ? pairs &<< 16 : (pairs &>> 16) &<< 16, to: Vector.self)
        }
        let pairs = panel.loadUnaligned(fromByteOffset: row &* 2, as: SIMD8<UInt32>.self)
        return unsafeBitCast(SIMD16<UInt32>(lowHalf: pairs &<< 16, highHalf: (pairs &>> 16) &<< 16), to: Vector.self)
    }

    @inline(__always) static var size: Int { 2 }
}

/// IEEE 754's half precision, in a row's order.
enum Float16Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector {
        let halves = panel.loadUnaligned(fromByteOffset: (row &+ column) &* 2, as: SIMD16<Float16>.self)
        // One by one, which becomes one instruction in AVX-512 and two in AVX2; the vectors' own conversion is a call, before which a product
        // would put all its sums away.
        var vector = Vector()
        for lane in 0..<16 { vector[lane] = Float(halves[lane]) }
        return vector
    }

    @inline(__always) static var size: Int { 2 }
}
