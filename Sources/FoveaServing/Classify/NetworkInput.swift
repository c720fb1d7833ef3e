import FoveaVision

/// What a request gives a network.
enum NetworkInput: Sendable {
    /// An encoded picture.
    case picture([UInt8])
    /// The network's input itself, [C, H, W] row-major, already preprocessed.
    case values([Float])
    /// A picture that was decoded already.
    case prepared(PreparedInput)

    /// A picture of so many pixels is decoded in a millisecond or two.
    static let quickPixels = 1...1 << 18
    /// In so many bytes the size is soon found, whatever was put before it: that is looked for on a connection's loop.
    private static let quickBytes = 1 << 16

    /// Whether it is prepared so soon that a thread of its own for that would cost more than it saves. What says nothing of its size is not.
    var isQuick: Bool {
        switch self {
        case .picture(let bytes):
            guard bytes.count <= Self.quickBytes else { return false }
            return Self.quickPixels.contains(PictureDecoder.announcedPixels(bytes))
        case .values, .prepared: return true
        }
    }

    var isPrepared: Bool {
        if case .prepared = self { true } else { false }
    }

    /// The network's input, ready for a pass. Called on a thread that may be kept busy.
    func prepared(for network: any PictureNetwork) throws(ClassificationError) -> PreparedInput {
        switch self {
        case .picture(let bytes): return try network.prepare(bytes)
        case .prepared(let input): return input
        case .values(let values):
            let size = network.description.inputSize
            guard size.count == 3, values.count == size.reduce(1, *) else {
                throw .badRequest("The input has \(values.count) numbers; the network takes \(size).")
            }
            // Nothing is known of the picture behind the numbers but what the network sees of it.
            let crop = CropRectangle(x: 0, y: 0, width: Double(size[2]), height: Double(size[1]))
            return PreparedInput(
                values: values, image: Classification.Image(width: size[2], height: size[1], orientation: 1, crop: crop), decode: .zero,
                preprocess: .zero)
        }
    }
}
