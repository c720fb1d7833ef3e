/// A plan's packed weights, in one block that every session of the plan reads.
final class Constants: @unchecked Sendable {
    // Written in `init` alone, which is what makes it safe to share.
    private let memory: UnsafeMutablePointer<Float>
    let count: Int

    init(_ parts: [[Float]], offsets: [Int], count: Int) {
        self.count = count
        memory = .allocateAligned(max(count, 1))
        for (part, offset) in zip(parts, offsets) {
            part.withUnsafeBufferPointer { source in
                if let base = source.baseAddress { (memory + offset).update(from: base, count: source.count) }
            }
        }
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
