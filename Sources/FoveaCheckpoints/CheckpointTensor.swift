import FoundationEssentials

/// One stored tensor; the bytes stay in the file until they are asked for.
public struct CheckpointTensor: Sendable {
    /// Its state-dict name, as errors tell it.
    public private(set) var name: String
    /// Lengths of the axes, outermost first; empty for a scalar.
    public let shape: [Int]
    /// How the file stores the numbers.
    public let scalarType: ScalarType
    /// Number of elements: the product of ``shape``. It was checked not to overflow when the file was opened.
    public let count: Int

    let file: CheckpointFile
    /// Byte of the file where element 0 lies.
    let offset: Int
    /// Per axis, in elements; nil where the elements lie one behind the other in row-major order.
    let strides: [Int]?
    let isBigEndian: Bool
    /// Whether the file holds the values with the other sign, as PyTorch saves the imaginary part of a conjugate. Only of floating-point types.
    let isNegated: Bool

    /// The reader of the format has checked that every element lies inside the file and that `count` is the product of `shape`.
    init(
        name: String, shape: [Int], scalarType: ScalarType, count: Int, file: CheckpointFile, offset: Int, strides: [Int]? = nil,
        isBigEndian: Bool = false, isNegated: Bool = false
    ) {
        self.name = name
        self.shape = shape
        self.scalarType = scalarType
        self.count = count
        self.file = file
        self.offset = offset
        self.strides = strides
        self.isBigEndian = isBigEndian
        self.isNegated = isNegated
    }

    /// The same tensor under another name.
    func renamed(_ name: String) -> CheckpointTensor {
        var tensor = self
        tensor.name = name
        return tensor
    }

    /// The values as float32, row-major.
    ///
    /// F64 and 32- and 64-bit integers are rounded to the nearest float32; everything else is exact. float32 goes straight from the file into
    /// the array; other types pass through 256 KiB.
    /// - Throws: if the type is one that is not read (8-bit floats, complex numbers), or the file changed since it was opened.
    public func floats() throws(CheckpointError) -> [Float] {
        var failure: CheckpointError?
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, written in
            do throws(CheckpointError) {
                try read(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                written = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    private func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(CheckpointError) {
        guard scalarType.isReadable else {
            throw CheckpointError(
                "\(quoted(file.name)): tensor \(quoted(name)) is stored as \(scalarType), which is not read. Convert it to F32, F16 or BF16."
            )
        }
        if buffer.isEmpty { return }
        if let strides { try gather(strides: strides, into: buffer) } else { try convert(into: buffer) }
        if isNegated {
            for index in buffer.indices { buffer[index].negate() }
        }
        try file.checkUnchanged()
    }

    private var isSwapped: Bool { isBigEndian != (Int(1).bigEndian == 1) }
    private static let scratchSize = 256 << 10

    private func convert(into buffer: UnsafeMutableBufferPointer<Float>) throws(CheckpointError) {
        let width = scalarType.bitWidth / 8
        if scalarType == .float32, !isSwapped {
            return try file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: min(Self.scratchSize, buffer.count * width), alignment: 64)
        defer { scratch.deallocate() }
        let step = scratch.count / width
        var done = 0
        while done < buffer.count {
            let part = min(step, buffer.count - done)
            let bytes = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(part * width)])
            try file.read(at: offset + done * width, into: bytes)
            scalarType.convert(
                UnsafeRawBufferPointer(bytes), isSwapped: isSwapped,
                into: UnsafeMutableBufferPointer(rebasing: buffer[done..<(done + part)]))
            done += part
        }
    }

    /// A view that is spread thinner than this is read through a small window.
    private static let spread = 4
    private static let windowSize = 4 << 10

    /// Picks the elements in row-major order out of a window on the stretch of the file from the view's first to its last element. The window is
    /// the whole stretch, or follows the elements where they lie far apart: memory is bounded by the tensor's own size, whatever its strides.
    private func gather(strides: [Int], into buffer: UnsafeMutableBufferPointer<Float>) throws(CheckpointError) {
        let width = scalarType.bitWidth / 8
        let last = zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
        let length = last / Self.spread < buffer.count ? last + 1 : min(last + 1, Self.windowSize / width)
        let window = UnsafeMutableRawBufferPointer.allocate(byteCount: length * width, alignment: 64)
        defer { window.deallocate() }
        // The element that the window begins with; none before the first is read.
        var start = -length
        let step = min(Self.scratchSize / width, buffer.count)
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: step * width, alignment: 64)
        defer { scratch.deallocate() }

        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        var done = 0
        while done < buffer.count {
            let part = min(step, buffer.count - done)
            for element in 0..<part {
                // `place` stays within 0...last, since every index stays within its axis.
                if place < start || place >= start + length {
                    start = min(place, last + 1 - length)
                    try file.read(at: offset + start * width, into: window)
                }
                let from = (place - start) * width
                switch width {
                case 1: scratch.storeBytes(of: window.load(fromByteOffset: from, as: UInt8.self), toByteOffset: element, as: UInt8.self)
                case 2:
                    scratch.storeBytes(of: window.load(fromByteOffset: from, as: UInt16.self), toByteOffset: element * 2, as: UInt16.self)
                case 4:
                    scratch.storeBytes(of: window.load(fromByteOffset: from, as: UInt32.self), toByteOffset: element * 4, as: UInt32.self)
                default:
                    scratch.storeBytes(of: window.load(fromByteOffset: from, as: UInt64.self), toByteOffset: element * 8, as: UInt64.self)
                }
                // The next index in row-major order, as an odometer turns.
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    place += strides[axis]
                    if index[axis] < shape[axis] { break }
                    place -= shape[axis] * strides[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
            scalarType.convert(
                UnsafeRawBufferPointer(rebasing: scratch[..<(part * width)]), isSwapped: isSwapped,
                into: UnsafeMutableBufferPointer(rebasing: buffer[done..<(done + part)]))
            done += part
        }
    }
}
