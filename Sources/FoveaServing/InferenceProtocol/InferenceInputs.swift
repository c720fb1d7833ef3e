import FoundationEssentials

/// Turns the input tensors of a request into what the passes take.
enum InferenceInputs {
    /// The most pictures of one request: its answer is built as a whole.
    static let maxPictures = ClassifyBody.maxPictures

    /// One input a picture.
    /// - Throws: what is wrong with which tensor.
    static func read(_ inputs: [InferenceRequest.Input], for tensors: InferenceTensors) throws(ClassificationError) -> [NetworkInput] {
        let names = tensors.inputs.map { "'\($0.name)'" }.joined(separator: " or ")
        guard inputs.count == 1, let input = inputs.first else {
            throw .badRequest("The request has \(inputs.count) inputs; expected one, \(names).")
        }
        guard let expected = tensors.inputs.first(where: { $0.name == input.name }) else {
            throw .badRequest("There is no input '\(input.name.abbreviated)'; expected \(names).")
        }
        guard input.datatype == expected.datatype else {
            throw .badRequest(
                "The input '\(input.name)' has the datatype '\(input.datatype.abbreviated)'; expected \(expected.datatype).")
        }
        let isFitting = input.shape.count == expected.shape.count && input.shape.dropFirst().elementsEqual(expected.shape.dropFirst())
        guard isFitting, let count = input.shape.first, (1...maxPictures).contains(count) else {
            throw .badRequest(
                "The input '\(input.name)' has the shape \(input.shape); expected \(expected.shape), where -1 is 1 to \(maxPictures).")
        }
        return expected.datatype == "BYTES" ? try pictures(input, count) : try values(input, count)
    }

    // MARK: Encoded pictures

    private static func pictures(_ input: InferenceRequest.Input, _ count: Int) throws(ClassificationError) -> [NetworkInput] {
        var pictures: [[UInt8]] = []
        switch input.payload {
        case .numbers(let numbers):
            throw .badRequest("The input '\(input.name)' has \(numbers.count) numbers; expected strings, a picture in base64 each.")
        case .texts(let texts):
            for (index, text) in texts.enumerated() {
                guard let data = Data(base64Encoded: text) else {
                    throw .badRequest("Element \(index) of the input '\(input.name)' is not valid base64.")
                }
                pictures.append([UInt8](data))
            }
        case .bytes(let bytes): pictures = try elements(bytes, of: input.name)
        }
        guard pictures.count == count else {
            throw .badRequest("The input '\(input.name)' has \(pictures.count) elements; its shape says \(count).")
        }
        return pictures.map(NetworkInput.picture)
    }

    /// Elements with their length in front, four bytes little-endian.
    private static func elements(_ bytes: ArraySlice<UInt8>, of name: String) throws(ClassificationError) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var rest = bytes
        while !rest.isEmpty {
            guard elements.count < maxPictures else {
                throw .badRequest("The input '\(name)' has more than \(maxPictures) elements.")
            }
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4, length <= rest.count - 4 else {
                throw .badRequest(
                    "Element \(elements.count) of the input '\(name)' says that it has \(length) bytes; \(rest.count) are left.")
            }
            elements.append(Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return elements
    }

    // MARK: Numbers

    private static func values(_ input: InferenceRequest.Input, _ count: Int) throws(ClassificationError) -> [NetworkInput] {
        let size = input.shape.dropFirst().reduce(1, *)
        let values: [Float]
        switch input.payload {
        case .texts(let texts): throw .badRequest("The input '\(input.name)' has \(texts.count) strings; expected numbers.")
        case .numbers(let numbers): values = numbers
        case .bytes(let bytes):
            guard bytes.count == 4 * count * size else {
                throw .badRequest("The input '\(input.name)' has \(bytes.count) bytes; its shape \(input.shape) has \(4 * count * size).")
            }
            values = bytes.withUnsafeBytes { raw in
                (0..<count * size).map {
                    Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
                }
            }
            guard values.allSatisfy(\.isFinite) else { throw .badRequest("The input '\(input.name)' holds a number that is not finite.") }
        }
        guard values.count == count * size else {
            throw .badRequest("The input '\(input.name)' has \(values.count) numbers; its shape \(input.shape) has \(count * size).")
        }
        return (0..<count).map { .values(Array(values[$0 * size..<($0 + 1) * size])) }
    }
}
