/// How sixteen neighbouring weights of a panel's row become a vector.
protocol PanelWeights: SendableMetatype {
    /// - Parameter row: the weights before the row, from the panel's start
    /// - Parameter column: of the row's 16 or 32 weights the first, 0 or 16
    /// - Parameter width: 16 or 32
    static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector
    /// The same of as many weights as a register holds, from any multiple of so many on.
    static func loadRegister(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Register
    /// Bytes of a weight.
    static var size: Int { get }
}

#if FOVEA_AVX512
extension PanelWeights {
    @inline(__always) static func loadRegister(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Register {
        load(panel, row, column, width)
    }
}
#endif

enum Float32Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector {
        panel.loadUnaligned(fromByteOffset: (row &+ column) &* 4, as: Vector.self)
    }

    #if !FOVEA_AVX512
    @inline(__always) static func loadRegister(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Register {
        panel.loadUnaligned(fromByteOffset: (row &+ column) &* 4, as: Register.self)
    }
    #endif

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

    #if !FOVEA_AVX512
    @inline(__always) static func loadRegister(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Register {
        let isFirstHalf = column < width / 2
        let pair = isFirstHalf ? column : column &- width / 2
        let pairs = panel.loadUnaligned(fromByteOffset: row &* 2 &+ pair &* 4, as: RegisterOfWords.self)
        return unsafeBitCast(isFirstHalf ? pairs &<< 16 : (pairs &>> 16) &<< 16, to: Register.self)
    }
    #endif

    @inline(__always) static var size: Int { 2 }
}

/// Whole numbers, in a row's order.
enum Fixed16Weights: PanelWeights {
    @inline(__always) static func load(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Vector {
        let integers = panel.loadUnaligned(fromByteOffset: (row &+ column) &* 2, as: SIMD16<Int16>.self)
        // One by one, which becomes two instructions; the vectors' own conversion is a call, before which a product would put all its sums away.
        var vector = Vector()
        for lane in 0..<16 { vector[lane] = Float(integers[lane]) }
        return vector
    }

    #if !FOVEA_AVX512
    @inline(__always) static func loadRegister(_ panel: UnsafeRawPointer, _ row: Int, _ column: Int, _ width: Int) -> Register {
        let integers = panel.loadUnaligned(fromByteOffset: (row &+ column) &* 2, as: RegisterOfIntegers.self)
        var register = Register()
        for lane in 0..<Register.lanes { register[lane] = Float(integers[lane]) }
        return register
    }
    #endif

    @inline(__always) static var size: Int { 2 }
}
