import FoveaCompute
import Glibc

/// One tensor of a plan, not yet packed: packing writes it into its place, so that no weight is held a third time on the way.
enum Constant: Sendable {
    case values([Float])
    case fold(Fold, Packing)

    /// Numbers of float32 that it takes.
    var count: Int {
        switch self {
        case .values(let values): values.count
        case .fold(let fold, let packing): packing.count(fold)
        }
    }

    /// The name of a linear layer's weights, where nothing of the layer's own is multiplied into them.
    var sharedName: String? {
        guard case .fold(let fold, .packed(is LinearProduct)) = self, fold.scale == nil, fold.order == nil else { return nil }
        return fold.weight.name
    }

    /// Whether another that has a `sharedName` is packed to the same numbers.
    func isShared(with other: Constant) -> Bool {
        guard case .fold(let a, .packed(let one as LinearProduct)) = self, case .fold(let b, .packed(let two as LinearProduct)) = other
        else { return false }
        return one.panels == two.panels && one.precision == two.precision && a.weight.values == b.weight.values
    }

    /// Returns whether all its numbers can be stored as they are to be.
    fileprivate func write(to target: UnsafeMutablePointer<Float>) -> Bool {
        switch self {
        case .values(let values):
            target.update(from: values, count: values.count)
            return true
        case .fold(let fold, let packing):
            var fit = true
            fold.withFilters {
                fit = packing.precision != .fixed16 || $0.fitFixed16
                packing.pack($0, to: target)
            }
            return fit
        }
    }
}

/// A plan's packed weights, in one block that every session of the plan reads.
final class Constants: @unchecked Sendable {
    // Written in `init` alone, which is what makes it safe to share.
    private let memory: UnsafeMutablePointer<Float>
    let count: Int
    /// Whether every weight lies within the range that it is stored in.
    let fit: Bool

    init(_ parts: [Constant], offsets: [Int], count: Int) {
        self.count = count
        // A kernel may read a whole vector where a tensor ends.
        memory = .allocateAligned(count + Blocked.lanes)
        var fit = true
        for (part, offset) in zip(parts, offsets) where !part.write(to: memory + offset) { fit = false }
        self.fit = fit
    }

    deinit {
        memory.deallocate()
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(memory) }
}

extension UnsafeMutablePointer<Float> {
    /// Zeroed memory that starts on a cache line.
    ///
    /// Large blocks start on a large page and ask for such pages: streams of weights then cross a page every 2 MB and not every 4 kB, where
    /// the processor's own prefetching ends.
    static func allocateAligned(_ count: Int) -> UnsafeMutablePointer<Float> {
        let bytes = count * MemoryLayout<Float>.stride
        let page = 2 << 20
        let isLarge = bytes >= 2 * page
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? page : 64)
        if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
        return raw.initializeMemory(as: Float.self, repeating: 0, count: count)
    }
}
