/// Sixteen vectors whose lanes and places change sides, in memory that stays in the first-level cache.
enum Transposition {
    /// Numbers of the vectors, and of as much room behind them.
    static var count: Int { 2 * 16 * 16 }

    /// Transposes the vectors at `vectors`: four perfect shuffles, between them and the room behind.
    @inline(__always)
    static func run(_ vectors: UnsafeMutablePointer<Float>) {
        let room = vectors + 16 &* 16
        for _ in 0..<2 {
            shuffle(vectors, to: room)
            shuffle(room, to: vectors)
        }
    }

    @inline(__always)
    private static func shuffle(_ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        var index = 0
        while index < 8 {
            let (a, b) = (load(source + index &* 16), load(source + (index &+ 8) &* 16))
            store(lanesInTurns(a.lowHalf, b.lowHalf), target + index &* 32)
            store(lanesInTurns(a.highHalf, b.highHalf), target + index &* 32 + 16)
            index &+= 1
        }
    }

    @inline(__always)
    private static func lanesInTurns(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> Vector {
        Vector(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3], a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7])
    }
}
