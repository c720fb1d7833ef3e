extension ScalarType {
    /// Converts stored elements to float32. `source` may lie at any address; it holds exactly `destination.count` elements.
    ///
    /// Types that are not ``isReadable`` were refused before; they give zeros here.
    func convert(_ source: UnsafeRawBufferPointer, isSwapped: Bool, into destination: UnsafeMutableBufferPointer<Float>) {
        precondition(source.count == destination.count * bitWidth / 8)
        guard let stored = source.baseAddress, let result = destination.baseAddress else { return }
        let count = destination.count
        // Bare pointers: the loops vectorise only without a check per element.
        @inline(__always)
        func each<Stored: FixedWidthInteger>(_: Stored.Type, _ value: (Stored) -> Float) {
            let width = MemoryLayout<Stored>.size
            if isSwapped {
                for index in 0..<count {
                    result[index] = value(stored.loadUnaligned(fromByteOffset: index &* width, as: Stored.self).byteSwapped)
                }
            } else {
                for index in 0..<count { result[index] = value(stored.loadUnaligned(fromByteOffset: index &* width, as: Stored.self)) }
            }
        }
        switch self {
        case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .uint8: each(UInt8.self) { Float($0) }
        case .int8: each(Int8.self) { Float($0) }
        case .int16: each(Int16.self) { Float($0) }
        case .uint16: each(UInt16.self) { Float($0) }
        case .int32: each(Int32.self) { Float($0) }
        case .uint32: each(UInt32.self) { Float($0) }
        case .int64: each(Int64.self) { Float($0) }
        case .uint64: each(UInt64.self) { Float($0) }
        case .float16: each(UInt16.self, Float.init(halfBits:))
        case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float32: each(UInt32.self) { Float(bitPattern: $0) }
        case .float64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .float4, .float6E2M3, .float6E3M2, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ, .complex64:
            destination.update(repeating: 0)
        }
    }
}

extension Float {
    /// The value of an IEEE 754 binary16 number, exactly.
    ///
    /// In integer steps that vectorise on any CPU: the compiler's own conversion is a library call per number where the F16C
    /// instructions are not assumed.
    @inline(__always)
    init(halfBits bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF)
        let moved = magnitude << 13
        let tiny = (Float(Int32(magnitude)) * 0x1p-24).bitPattern
        let finite = magnitude < 0x0400 ? tiny : moved + 112 << 23
        self.init(bitPattern: sign | (magnitude >= 0x7C00 ? moved | 0x7F80_0000 : finite))
    }

    /// The upper half of the nearest bfloat16 number, ties to even; a NaN stays one.
    var bfloat16Bits: UInt16 {
        if isNaN { return UInt16(truncatingIfNeeded: bitPattern >> 16) | 0x0040 }
        let odd = bitPattern >> 16 & 1
        return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ odd) >> 16)
    }
}
