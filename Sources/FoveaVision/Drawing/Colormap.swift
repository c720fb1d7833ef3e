/// Colours for the values of a map, from the least to the greatest. The names and colours are matplotlib's.
public enum Colormap: String, Sendable, Hashable, CaseIterable {
    /// Perceptually even and readable with any colour vision: equal steps of the value look equal. From violet over green to yellow.
    case viridis
    /// Perceptually even too, from black over red to pale yellow.
    case inferno
    /// Blue, green, yellow, red: what many tools draw. Its bright bands show edges that the map does not have.
    case jet
    /// From black to white.
    case gray

    /// 256 colours, red, green and blue interleaved.
    public var table: [UInt8] { Self.tables[self] ?? [] }

    private static let tables: [Colormap: [UInt8]] = [
        .viridis: between(viridisStops), .inferno: between(infernoStops), .jet: jetColors,
        .gray: (0..<256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] },
    ]

    /// The colours at every fifth of the 256 places, and linearly between: within one step of matplotlib's own.
    private static func between(_ stops: [Int]) -> [UInt8] {
        (0..<256).flatMap { place in
            let (index, rest) = (min(place / 5, stops.count - 2), place - 5 * min(place / 5, stops.count - 2))
            return [16, 8, 0].map { shift in
                let (from, to) = (stops[index] >> shift & 255, stops[index + 1] >> shift & 255)
                return UInt8((from * (5 - rest) + to * rest + 2) / 5)
            }
        }
    }

    /// Each channel runs in straight lines between a few places of the way.
    private static let jetColors: [UInt8] = {
        let channels: [[(place: Double, value: Double)]] = [
            [(0, 0), (0.35, 0), (0.66, 1), (0.89, 1), (1, 0.5)],
            [(0, 0), (0.125, 0), (0.375, 1), (0.64, 1), (0.91, 0), (1, 0)],
            [(0, 0.5), (0.11, 1), (0.34, 1), (0.65, 0), (1, 0)],
        ]
        return (0..<256).flatMap { index in
            channels.map { points in
                let place = Double(index) / 255
                let next = points.dropFirst().first { $0.place >= place } ?? (1, 0)
                let last = points.last { $0.place < place } ?? (0, points.first?.value ?? 0)
                guard place > 0 else { return UInt8((255 * last.value).rounded()) }
                let share = (place - last.place) / (next.place - last.place)
                return UInt8((255 * (last.value + share * (next.value - last.value))).rounded())
            }
        }
    }()

    private static let viridisStops: [Int] = [
        0x44_0154, 0x46_085C, 0x47_1063, 0x48_1769, 0x48_1D6F, 0x48_2475, 0x47_2A7A, 0x46_307E, 0x45_3781, 0x43_3D84,
        0x41_4287, 0x3F_4889, 0x3D_4E8A, 0x3A_538B, 0x38_598C, 0x35_5E8D, 0x33_638D, 0x31_688E, 0x2E_6D8E, 0x2C_718E,
        0x2A_768E, 0x29_7B8E, 0x27_808E, 0x25_848E, 0x23_898E, 0x21_8E8D, 0x20_928C, 0x1F_978B, 0x1E_9C89, 0x1F_A188,
        0x21_A585, 0x24_AA83, 0x28_AE80, 0x2E_B37C, 0x35_B779, 0x3D_BC74, 0x46_C06F, 0x50_C46A, 0x5A_C864, 0x65_CB5E,
        0x70_CF57, 0x7C_D250, 0x89_D548, 0x95_D840, 0xA2_DA37, 0xB0_DD2F, 0xBD_DF26, 0xCA_E11F, 0xD8_E219, 0xE5_E419,
        0xF1_E51D, 0xFD_E725,
    ]

    private static let infernoStops: [Int] = [
        0x00_0004, 0x02_020C, 0x05_0417, 0x0A_0722, 0x10_092D, 0x16_0B39, 0x1E_0C45, 0x26_0C51, 0x2F_0A5B, 0x38_0962,
        0x40_0A67, 0x49_0B6A, 0x51_0E6C, 0x59_106E, 0x61_136E, 0x69_166E, 0x71_196E, 0x78_1C6D, 0x80_1F6C, 0x88_226A,
        0x90_2568, 0x98_2766, 0xA0_2A63, 0xA8_2E5F, 0xB0_315B, 0xB7_3557, 0xBF_3952, 0xC6_3D4D, 0xCC_4248, 0xD3_4743,
        0xD9_4D3D, 0xDF_5337, 0xE4_5A31, 0xE9_612B, 0xED_6925, 0xF1_711F, 0xF4_7918, 0xF7_8212, 0xF9_8B0B, 0xFA_9407,
        0xFB_9D07, 0xFC_A60C, 0xFC_B014, 0xFB_BA1F, 0xFA_C42A, 0xF8_CD37, 0xF6_D746, 0xF4_E156, 0xF2_EA69, 0xF2_F27D,
        0xF5_F992, 0xFC_FFA4,
    ]
}
