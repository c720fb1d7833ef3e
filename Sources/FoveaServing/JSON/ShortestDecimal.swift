/// The shortest decimal that reads back as a float, and of those the nearest: `digits` × 10^`exponent`.
///
/// Schubfach (Raffaello Giulietti, *The Schubfach way to render doubles*, 2020) for 32 bits: the float and the ends of the interval that rounds to it are
/// scaled by one power of ten, each by one multiplication whose lost bits only leave a mark, and compared as whole numbers. No loop, no search.
struct ShortestDecimal: Equatable {
    /// At most nine digits, without zeros at their end.
    private(set) var digits: UInt32
    private(set) var exponent: Int

    /// - Parameter magnitude: finite and above zero.
    init(_ magnitude: Float) {
        let fraction = magnitude.significandBitPattern
        let biased = Int(magnitude.exponentBitPattern)
        // magnitude = c × 2^q
        let c = biased == 0 ? fraction : fraction | 1 << 23
        let q = max(biased, 1) - 150
        if q <= 0, q > -24, c & (1 << UInt32(-q)) &- 1 == 0 {
            (digits, exponent) = (c >> UInt32(-q), 0)
        } else {
            (digits, exponent) = Self.shortest(c, q, isLowerEndCloser: fraction == 0 && biased > 1)
        }
        while digits % 10 == 0, digits > 0 {
            digits /= 10
            exponent += 1
        }
    }

    private static func shortest(_ c: UInt32, _ q: Int, isLowerEndCloser: Bool) -> (UInt32, Int) {
        // An even float owns the ends of its interval, an odd one does not: reading rounds half to even.
        let isOdd = c & 1
        // ⌊log₁₀ 2^q⌋, or of ¾ · 2^q.
        let k = (q * 1_262_611 - (isLowerEndCloser ? 524_031 : 0)) >> 22
        // ⌊log₂ 10^-k⌋ + q + 1
        let shift = UInt32(truncatingIfNeeded: q + (-k * 1_741_647) >> 19 + 1)
        let power = powersOfTen[31 - k]
        // Four times the scaled value and the ends of its interval.
        let lower = scaled(power, (4 * c - (isLowerEndCloser ? 1 : 2)) << shift) + isOdd
        let value = scaled(power, (4 * c) << shift)
        let upper = scaled(power, (4 * c + 2) << shift) - isOdd

        let floor = value / 4
        if floor >= 10 {
            let tens = floor / 10
            let isDownInside = lower <= 40 * tens
            let isUpInside = 40 * tens + 40 <= upper
            if isDownInside != isUpInside { return (isUpInside ? tens + 1 : tens, k + 1) }
        }
        let isDownInside = lower <= 4 * floor
        let isUpInside = 4 * floor + 4 <= upper
        if isDownInside != isUpInside { return (isUpInside ? floor + 1 : floor, k) }
        let middle = 4 * floor + 2
        return (value > middle || value == middle && floor & 1 == 1 ? floor + 1 : floor, k)
    }

    /// The upper 32 of the product's 96 bits; the lowest of them is set where bits below were lost.
    private static func scaled(_ power: UInt64, _ factor: UInt32) -> UInt32 {
        let (high, low) = power.multipliedFullWidth(by: UInt64(factor))
        return UInt32(truncatingIfNeeded: high) | (low >> 32 > 1 ? 1 : 0)
    }

    /// 10^k for k from -31 to 45 in 64 bits, the highest of them set, rounded up.
    private static let powersOfTen: [UInt64] = [
        0x81CE_B32C_4B43_FCF5, 0xA242_5FF7_5E14_FC32, 0xCAD2_F7F5_359A_3B3F, 0xFD87_B5F2_8300_CA0E, 0x9E74_D1B7_91E0_7E49,
        0xC612_0625_7658_9DDB, 0xF796_87AE_D3EE_C552, 0x9ABE_14CD_4475_3B53, 0xC16D_9A00_9592_8A28, 0xF1C9_0080_BAF7_2CB2,
        0x971D_A050_74DA_7BEF, 0xBCE5_0864_9211_1AEB, 0xEC1E_4A7D_B695_61A6, 0x9392_EE8E_921D_5D08, 0xB877_AA32_36A4_B44A,
        0xE695_94BE_C44D_E15C, 0x901D_7CF7_3AB0_ACDA, 0xB424_DC35_095C_D810, 0xE12E_1342_4BB4_0E14, 0x8CBC_CC09_6F50_88CC,
        0xAFEB_FF0B_CB24_AAFF, 0xDBE6_FECE_BDED_D5BF, 0x8970_5F41_36B4_A598, 0xABCC_7711_8461_CEFD, 0xD6BF_94D5_E57A_42BD,
        0x8637_BD05_AF6C_69B6, 0xA7C5_AC47_1B47_8424, 0xD1B7_1758_E219_652C, 0x8312_6E97_8D4F_DF3C, 0xA3D7_0A3D_70A3_D70B,
        0xCCCC_CCCC_CCCC_CCCD, 0x8000_0000_0000_0000, 0xA000_0000_0000_0000, 0xC800_0000_0000_0000, 0xFA00_0000_0000_0000,
        0x9C40_0000_0000_0000, 0xC350_0000_0000_0000, 0xF424_0000_0000_0000, 0x9896_8000_0000_0000, 0xBEBC_2000_0000_0000,
        0xEE6B_2800_0000_0000, 0x9502_F900_0000_0000, 0xBA43_B740_0000_0000, 0xE8D4_A510_0000_0000, 0x9184_E72A_0000_0000,
        0xB5E6_20F4_8000_0000, 0xE35F_A931_A000_0000, 0x8E1B_C9BF_0400_0000, 0xB1A2_BC2E_C500_0000, 0xDE0B_6B3A_7640_0000,
        0x8AC7_2304_89E8_0000, 0xAD78_EBC5_AC62_0000, 0xD8D7_26B7_177A_8000, 0x8786_7832_6EAC_9000, 0xA968_163F_0A57_B400,
        0xD3C2_1BCE_CCED_A100, 0x8459_5161_4014_84A0, 0xA56F_A5B9_9019_A5C8, 0xCECB_8F27_F420_0F3A, 0x813F_3978_F894_0985,
        0xA18F_07D7_36B9_0BE6, 0xC9F2_C9CD_0467_4EDF, 0xFC6F_7C40_4581_2297, 0x9DC5_ADA8_2B70_B59E, 0xC537_1912_364C_E306,
        0xF684_DF56_C3E0_1BC7, 0x9A13_0B96_3A6C_115D, 0xC097_CE7B_C907_15B4, 0xF0BD_C21A_BB48_DB21, 0x9676_9950_B50D_88F5,
        0xBC14_3FA4_E250_EB32, 0xEB19_4F8E_1AE5_25FE, 0x92EF_D1B8_D0CF_37BF, 0xB7AB_C627_0503_05AE, 0xE596_B7B0_C643_C71A,
        0x8F7E_32CE_7BEA_5C70, 0xB35D_BF82_1AE4_F38C,
    ]
}
