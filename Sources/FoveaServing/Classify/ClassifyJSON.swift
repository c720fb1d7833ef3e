import FoveaJSON

/// The JSON of a `POST /classify`, as it was sent.
struct ClassifyJSON: Sendable {
    /// The most values of all parameters together, and within them: a thousand layers' names are fewer.
    private static let maxValues = 4_096

    /// The member `image`: base64.
    private(set) var image: String?
    /// The member `images`.
    private(set) var images: [String]?
    /// All others, in their order.
    private(set) var parameters: [(name: String, value: JSONValue)] = []

    /// - Throws: where the body is not the JSON that is expected, and why.
    init(_ body: [UInt8], maxPictures: Int) throws(JSONFault) {
        var scanner = JSONScanner(body)
        guard try scanner.kind() == .object else {
            throw scanner.fault("the body is not an object; expected {\"image\": \"<base64>\"} or {\"images\": [\"<base64>\", …]}")
        }
        var left = Self.maxValues
        try scanner.object("the body") { scanner, key throws(JSONFault) in
            switch key {
            case "image":
                guard try scanner.kind() == .string else { throw scanner.fault("'image' is not a string; expected base64") }
                image = try scanner.string("'image'")
            case "images": images = try Self.images(&scanner, maxPictures)
            default: parameters.append((key, try JSONValue(&scanner, left: &left, of: Self.maxValues)))
            }
        }
        try scanner.finish()
    }

    private static func images(_ scanner: inout JSONScanner, _ maxPictures: Int) throws(JSONFault) -> [String] {
        guard try scanner.kind() == .array else { throw scanner.fault("'images' is not an array; expected base64 strings in one") }
        var texts: [String] = []
        try scanner.array("'images'") { scanner, index throws(JSONFault) in
            guard index < maxPictures else {
                throw scanner.fault("'images' has more than the \(maxPictures) pictures that are allowed at once")
            }
            guard try scanner.kind() == .string else { throw scanner.fault("'images[\(index)]' is not a string; expected base64") }
            texts.append(try scanner.string("'images[\(index)]'"))
        }
        return texts
    }
}
