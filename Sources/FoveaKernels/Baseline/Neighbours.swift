/// Reductions and softmaxes of numbers that lie one behind the other.
enum Neighbours {
    /// Sums short stretches in float, lane by lane, and the stretches in double, so that many numbers lose no digits.
    static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
        var sums = LaneSums()
        let whole = count & ~15
        var start = 0
        while start < whole {
            let end = min(start &+ 16 &* LaneSums.stretch, whole)
            var sum = Vector()
            while start < end {
                sum += load(x + start)
                start &+= 16
            }
            sums.add(sum)
        }
        var total = whole > 0 ? sums.total : 0
        while start < count {
            total += Double(x[start])
            start &+= 1
        }
        return total
    }

    /// NaN where any is.
    static func largest(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var largest = x.pointee
        var index = 0
        if count >= 16 {
            var lanes = load(x)
            index = 16
            while index &+ 16 <= count {
                lanes = larger(lanes, load(x + index))
                index &+= 16
            }
            for lane in 0..<16 { largest = larger(largest, lanes[lane]) }
        }
        while index < count {
            largest = larger(largest, x[index])
            index &+= 1
        }
        return largest
    }

    static func softmax(_ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>) {
        let largest = Vector(repeating: largest(x, count))
        for first in stride(from: 0, to: count, by: 16) {
            let few = min(16, count &- first)
            storeFirst(few, power(loadFirst(few, x + first) - largest), y + first)
        }
        let divisor = Vector(repeating: Float(sum(y, count)))
        for first in stride(from: 0, to: count, by: 16) {
            let few = min(16, count &- first)
            storeFirst(few, loadFirst(few, y + first) / divisor, y + first)
        }
    }
}
