/// One tensor of a plan, not yet packed: packing writes it into its place, so that no weight is held a third time on the way.
enum Constant: Sendable {
    case values([Float])
    case fold(Fold)

    var count: Int {
        switch self {
        case .values(let values): values.count
        case .fold(let fold): fold.weight.values.count
        }
    }

    fileprivate func write(to target: UnsafeMutablePointer<Float>) {
        switch self {
        case .values(let values): target.update(from: values, count: values.count)
        case .fold(let fold): fold.pack(into: UnsafeMutableBufferPointer(start: target, count: count))
        }
    }
}

/// A plan's packed weights, in one block that every session of the plan reads.
final class Constants: @unchecked Sendable {
    // Written in `init` alone, which is what makes it safe to share.
    private let memory: UnsafeMutablePointer<Float>
    let count: Int

    init(_ parts: [Constant], offsets: [Int], count: Int) {
        self.count = count
        memory = .allocateAligned(max(count, 1))
        for (part, offset) in zip(parts, offsets) { part.write(to: memory + offset) }
    }

    deinit {
        memory.deallocate()
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(memory) }
}

extension UnsafeMutablePointer<Float> {
    /// Zeroed memory that starts on a cache line.
    static func allocateAligned(_ count: Int) -> UnsafeMutablePointer<Float> {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        return raw.initializeMemory(as: Float.self, repeating: 0, count: count)
    }
}
