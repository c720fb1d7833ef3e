import FoveaSystem
import Testing

@testable import FoveaVision

struct PictureResizeTests {
    static let filters = Interpolation.allCases.filter { $0 != .nearest }

    @Test(arguments: filters) func `the fast path equals the reference over random sizes`(_ interpolation: Interpolation) {
        var generator = SplitMix64(seed: UInt64(interpolation.rawValue.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        for _ in 0..<24 {
            let sides = (0..<4).map { _ in Int.random(in: 1...40, using: &generator) }
            let picture = Picture.random(width: sides[0], height: sides[1], channels: Bool.random(using: &generator) ? 1 : 3, &generator)
            let fast = picture.resized(width: sides[2], height: sides[3], interpolation: interpolation)
            #expect(fast == picture.referenceResized(width: sides[2], height: sides[3], interpolation: interpolation), "\(sides)")
        }
    }

    @Test(arguments: Interpolation.allCases) func `a part is equal to a cut from the whole`(_ interpolation: Interpolation) {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<12 {
            let sides = (0..<4).map { _ in Int.random(in: 1...30, using: &generator) }
            let picture = Picture.random(width: sides[0], height: sides[1], channels: 3, &generator)
            let left = Int.random(in: 0..<sides[2], using: &generator), top = Int.random(in: 0..<sides[3], using: &generator)
            let columns = left..<Int.random(in: left + 1...sides[2], using: &generator)
            let rows = top..<Int.random(in: top + 1...sides[3], using: &generator)
            let whole = picture.resized(width: sides[2], height: sides[3], interpolation: interpolation)
            let part = picture.resized(width: sides[2], height: sides[3], interpolation: interpolation, columns: columns, rows: rows)
            #expect(part == whole.cropped(columns: columns, rows: rows), "\(sides) \(columns) \(rows)")
        }
    }

    @Test func `the largest weights neither overflow nor wrap`() {
        for value in [UInt8.min, .max] {
            let flat = Picture(unchecked: 9, 7, 3, [UInt8](repeating: value, count: 9 * 7 * 3))
            for interpolation in Interpolation.allCases {
                let resized = flat.resized(width: 31, height: 2, interpolation: interpolation)
                #expect(resized.pixels.allSatisfy { $0 == value })
            }
        }
        let edges = Picture(unchecked: 8, 1, 1, [0, 255, 255, 0, 0, 255, 0, 255])
        #expect(edges.resized(width: 80, height: 1, interpolation: .lanczos).pixels.contains(255))
    }

    /// A part of an axis of more pixels than any picture has costs what the part does.
    @Test(.timeLimit(.minutes(1))) func `nearest finds its place on a very long axis at once`() {
        let picture = Picture(unchecked: 1000, 1, 1, (0..<1000).map { UInt8($0 % 251) })
        for exponent in [21, 40] {
            let factor = 1 << exponent
            let (border, end) = (900 * factor, 1000 * factor)
            func part(_ columns: Range<Int>) -> [UInt8] {
                picture.resized(width: end, height: 1, interpolation: .nearest, columns: columns, rows: 0..<1).pixels
            }
            let (low, high, last) = (UInt8(899 % 251), UInt8(900 % 251), UInt8(999 % 251))
            #expect(part(border - 2..<border + 2) == [low, low, high, high])
            #expect(part(end - 1..<end) == [last])
            #expect(part(0..<1) == [0])
        }
    }
}
