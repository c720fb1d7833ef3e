/// The sums of all four rows (`part` 0), the upper two (1) or the lower two (2). `TileSums` tells why every sum is a variable of its own.
enum SmallMapRows<let part: Int> {
    @inline(never)
    static func run(_ work: SmallMapSums, column: Int, to target: UnsafeMutablePointer<Float>, _ requests: AheadRequests) {
        var (a0, a1, a2, a3) = (Register(), Register(), Register(), Register())
        var (b0, b1, b2, b3) = (Register(), Register(), Register(), Register())
        var (c0, c1, c2, c3) = (Register(), Register(), Register(), Register())
        var (d0, d1, d2, d3) = (Register(), Register(), Register(), Register())
        // Of two rows the inner positions' nine products would be a chain that takes longer than all others: they have two sums each.
        var (e1, e2) = (Register(), Register())
        let tap = work.length &* work.width
        var filter = work.filters + column
        var x = work.map
        var request = requests.start
        var k = 0
        while k < work.length {
            requests.ask(in: k, from: &request)
            let upper = Taps(filter, tap)
            let middle = Taps(filter + 3 &* tap, tap)
            let lower = Taps(filter + 6 &* tap, tap)
            // Each row of the map meets the rows of outputs above it, its own and the one below.
            if part != 2 {
                join(&a0, &a1, &a2, &a3, x, middle)
                join(&b0, &b1, &b2, &b3, x, upper)
                join(&a0, &a1, &a2, &a3, x + 64, lower)
                join(&b0, &b1, &b2, &b3, x + 64, middle)
            }
            switch part {
            case 1: join(&b0, &e1, &e2, &b3, x + 128, lower)
            case 2: join(&c0, &e1, &e2, &c3, x + 64, upper)
            default:
                join(&c0, &c1, &c2, &c3, x + 64, upper)
                join(&b0, &b1, &b2, &b3, x + 128, lower)
            }
            if part != 1 {
                join(&c0, &c1, &c2, &c3, x + 128, middle)
                join(&d0, &d1, &d2, &d3, x + 128, upper)
                join(&c0, &c1, &c2, &c3, x + 192, lower)
                join(&d0, &d1, &d2, &d3, x + 192, middle)
            }
            filter += work.width
            x += 1
            k &+= 1
        }
        if part == 1 { (b1, b2) = (b1 + e1, b2 + e2) }
        if part == 2 { (c1, c2) = (c1 + e1, c2 + e2) }
        if part != 2 {
            write(a0, a1, a2, a3, target, work.adds)
            write(b0, b1, b2, b3, target + 64, work.adds)
        }
        if part != 1 {
            write(c0, c1, c2, c3, target + 128, work.adds)
            write(d0, d1, d2, d3, target + 192, work.adds)
        }
    }

    /// A row of the filter.
    private struct Taps {
        let left, centre, right: Register

        @inline(__always)
        init(_ start: UnsafePointer<Float>, _ tap: Int) {
            (left, centre, right) = (loadRegister(start), loadRegister(start + tap), loadRegister(start + 2 &* tap))
        }
    }

    /// Adds a row of the map times a row of the filter to a row of outputs.
    @inline(__always)
    private static func join(
        _ s0: inout Register, _ s1: inout Register, _ s2: inout Register, _ s3: inout Register, _ x: UnsafePointer<Float>, _ w: Taps
    ) {
        let (x0, x1, x2, x3) = (x[0], x[16], x[32], x[48])
        s0 = multiplyAdd(s0, x0, w.centre)
        s1 = multiplyAdd(s1, x0, w.left)
        s0 = multiplyAdd(s0, x1, w.right)
        s1 = multiplyAdd(s1, x1, w.centre)
        s2 = multiplyAdd(s2, x1, w.left)
        s1 = multiplyAdd(s1, x2, w.right)
        s2 = multiplyAdd(s2, x2, w.centre)
        s3 = multiplyAdd(s3, x2, w.left)
        s2 = multiplyAdd(s2, x3, w.right)
        s3 = multiplyAdd(s3, x3, w.centre)
    }

    @inline(__always)
    private static func write(
        _ s0: Register, _ s1: Register, _ s2: Register, _ s3: Register, _ target: UnsafeMutablePointer<Float>, _ adds: Bool
    ) {
        store(adds ? loadRegister(target) + s0 : s0, target)
        store(adds ? loadRegister(target + 16) + s1 : s1, target + 16)
        store(adds ? loadRegister(target + 32) + s2 : s2, target + 32)
        store(adds ? loadRegister(target + 48) + s3 : s3, target + 48)
    }
}
