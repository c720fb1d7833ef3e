import Testing

@testable import FoveaCheckpoints

struct ScalarTypeTests {
    @Test func everyHalfIsExact() {
        for bits in UInt16.min...UInt16.max {
            let wanted = Float(Float16(bitPattern: bits))
            let value = Float(halfBits: bits)
            #expect(value.bitPattern == wanted.bitPattern || value.isNaN && wanted.isNaN)
        }
    }

    @Test func bfloat16RoundsToNearestEven() {
        #expect(Float(bitPattern: 0x3F80_8000).bfloat16Bits == 0x3F80)
        #expect(Float(bitPattern: 0x3F81_8000).bfloat16Bits == 0x3F82)
        #expect(Float(bitPattern: 0x3F80_8001).bfloat16Bits == 0x3F81)
        #expect((-Float.infinity).bfloat16Bits == 0xFF80)
        #expect(Float.greatestFiniteMagnitude.bfloat16Bits == 0x7F80)
        #expect(Float(bitPattern: UInt32(Float(bitPattern: 0x7F80_0001).bfloat16Bits) << 16).isNaN)
    }

    @Test func convertsFromAnyAddress() {
        let bytes: [UInt8] = [0xFF, 0x00, 0x00, 0x80, 0x3F, 0x3F, 0x80, 0x00, 0x00]
        var values: [Float] = [0]
        bytes.withUnsafeBytes { source in
            values.withUnsafeMutableBufferPointer {
                ScalarType.float32.convert(UnsafeRawBufferPointer(rebasing: source[1..<5]), isSwapped: false, into: $0)
            }
        }
        #expect(values == [1])
        bytes.withUnsafeBytes { source in
            values.withUnsafeMutableBufferPointer {
                ScalarType.float32.convert(UnsafeRawBufferPointer(rebasing: source[5..<9]), isSwapped: true, into: $0)
            }
        }
        #expect(values == [1])
    }
}
