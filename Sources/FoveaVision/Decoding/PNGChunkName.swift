/// The four letters of a chunk's name as one number, in network order: compared and looked up without a string for every chunk.
struct PNGChunkName: Hashable {
    let code: UInt32

    static let imageHeader = PNGChunkName(code: 0x4948_4452)  // IHDR
    static let palette = PNGChunkName(code: 0x504C_5445)  // PLTE
    static let data = PNGChunkName(code: 0x4944_4154)  // IDAT
    static let moreData = PNGChunkName(code: 0x4444_4154)  // DDAT
    static let end = PNGChunkName(code: 0x4945_4E44)  // IEND
    static let transparency = PNGChunkName(code: 0x7452_4E53)  // tRNS
    static let gamma = PNGChunkName(code: 0x6741_4D41)  // gAMA
    static let chromaticities = PNGChunkName(code: 0x6348_524D)  // cHRM
    static let standardRGB = PNGChunkName(code: 0x7352_4742)  // sRGB
    static let pixelDimensions = PNGChunkName(code: 0x7048_5973)  // pHYs
    static let animation = PNGChunkName(code: 0x6163_544C)  // acTL
    static let frame = PNGChunkName(code: 0x6663_544C)  // fcTL
    static let exif = PNGChunkName(code: 0x6558_4966)  // eXIf
    static let plainText = PNGChunkName(code: 0x7445_5874)  // tEXt
    static let compressedText = PNGChunkName(code: 0x7A54_5874)  // zTXt
    static let internationalText = PNGChunkName(code: 0x6954_5874)  // iTXt

    /// Whether all four are letters, digits or underscores: what Pillow takes for a name.
    var isName: Bool {
        for shift in stride(from: UInt32(0), through: 24, by: 8) {
            switch UInt8(truncatingIfNeeded: code >> shift) {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: break
            default: return false
            }
        }
        return true
    }

    /// The fewest bytes that a chunk of this name may hold: what Pillow needs of those that it reads.
    var leastCount: Int {
        switch self {
        case .standardRGB: 1
        case .gamma: 4
        case .animation: 8
        case .pixelDimensions: 9
        case .imageHeader: 13
        case .frame: 26
        case .chromaticities: 32
        default: 0
        }
    }
}

extension PNGChunkName: CustomStringConvertible {
    var description: String { String(decoding: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> UInt32($0)) }, as: UTF8.self) }
}
