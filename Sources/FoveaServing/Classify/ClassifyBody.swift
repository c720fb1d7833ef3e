import FoundationEssentials
import FoveaHTTP
import FoveaJSON
import HTTPTypes

/// The pictures and the parameters of a `POST /classify`.
struct ClassifyBody: Sendable {
    /// The encoded pictures, in the order sent; at least one.
    var pictures: [[UInt8]]
    var parameters: ClassifyParameters

    /// The most pictures of one request: its answer is built as a whole.
    static let maxPictures = 256

    /// Reads the request's query and body, whichever of the three forms it has. The bytes decide: a picture is a picture whatever `Content-Type` says.
    init(_ request: ServerRequest) throws(Problem) {
        let query = try request.query
        let type = request.head.headerFields[.contentType] ?? ""
        let mediaType = type.prefix { $0 != ";" }.trimmed.lowercased()
        do {
            var reader = ParameterReader()
            try reader.read(query)
            if mediaType == "multipart/form-data" {
                let multipart = try Multipart(body: request.body, contentType: type)
                pictures = try Self.pictures(of: multipart, reader: &reader)
            } else if Self.isJSON(request.body, mediaType: mediaType) {
                pictures = try Self.pictures(ofJSON: request.body, reader: &reader)
            } else {
                pictures = request.body.isEmpty ? [] : [request.body]
            }
            parameters = reader.parameters
            guard !pictures.isEmpty else {
                throw ClassificationError.badRequest(
                    "There is no picture in the request; send one as the body, in parts named 'image', or as base64 in JSON.")
            }
            guard pictures.count <= Self.maxPictures else {
                throw ClassificationError.badRequest("The request has \(pictures.count) pictures; \(Self.maxPictures) are allowed at once.")
            }
        } catch let error as ClassificationError {
            throw error.problem
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.badRequest, "The request cannot be read.")
        }
    }

    /// Whether the body is a picture itself, as its first byte has it, and what is asked of it soon read.
    static func isPicture(_ request: ServerRequest) -> Bool {
        // A list of patterns is laid against each of a model's layers.
        let path = (request.head.path ?? "").utf8
        guard path.count <= 512, path.count(where: { $0 == UInt8(ascii: ",") }) <= 8 else { return false }
        guard request.body.first.map(isPictureStart) ?? false else { return false }
        return !(request.head.headerFields[.contentType]?.lowercased().hasPrefix("multipart/") ?? false)
    }

    /// JPEG and PNG begin so, and no JSON text does.
    private static func isPictureStart(_ byte: UInt8) -> Bool { byte == 0xFF || byte == 0x89 }

    /// Reads the query of a request whose body is a picture.
    init(picture request: ServerRequest) throws(Problem) {
        let query = try request.query
        parameters = try asProblem { () throws(ClassificationError) in
            var reader = ParameterReader()
            try reader.read(query)
            return reader.parameters
        }
        pictures = [request.body]
    }

    private static func pictures(of multipart: Multipart, reader: inout ParameterReader) throws(ClassificationError) -> [[UInt8]] {
        var pictures: [[UInt8]] = []
        for part in multipart.parts {
            if part.name == "image" {
                guard !part.body.isEmpty else { throw .badRequest("The part 'image' number \(pictures.count + 1) is empty.") }
                pictures.append(Array(part.body))
            } else {
                guard ClassifyParameters.names.contains(part.name) else {
                    throw .badRequest(
                        "The form has a part '\(part.name.abbreviated)'. Pictures are parts named 'image'; the others are parameters: "
                            + "\(ClassifyParameters.names.joined(separator: ", ")).")
                }
                guard part.body.count <= ClassifyParameters.maxText else {
                    throw .badRequest(
                        "The form field '\(part.name.abbreviated)' has \(part.body.count) bytes; \(ClassifyParameters.maxText) are allowed."
                    )
                }
                guard let text = part.text else { throw .badRequest("The form field '\(part.name.abbreviated)' is not UTF-8 text.") }
                try reader.set(part.name, to: text)
            }
        }
        if pictures.isEmpty { throw .badRequest("The form has no part named 'image'; each picture is one such part.") }
        return pictures
    }

    private static func isJSON(_ body: [UInt8], mediaType: String) -> Bool {
        let first = body.first { !" \t\r\n".utf8.contains($0) }
        let isTyped = mediaType == "application/json" || mediaType.hasSuffix("+json")
        return first == UInt8(ascii: "{") || (isTyped && !(first.map(isPictureStart) ?? false))
    }

    private static func pictures(ofJSON body: [UInt8], reader: inout ParameterReader) throws(ClassificationError) -> [[UInt8]] {
        let json = try asBadRequest { () throws(JSONFault) in try ClassifyJSON(body, maxPictures: maxPictures) }
        for (name, value) in json.parameters { try reader.set(name, to: value) }
        switch (json.image, json.images) {
        case (let text?, nil): return [try decode(text, place: "image")]
        case (nil, let texts?):
            if texts.isEmpty { throw .badRequest("'images' is empty; expected at least one picture.") }
            var pictures: [[UInt8]] = []
            for (index, text) in texts.enumerated() { pictures.append(try decode(text, place: "images[\(index)]")) }
            return pictures
        case (nil, nil): throw .badRequest("The JSON body has neither 'image' nor 'images'.")
        case (_?, _?): throw .badRequest("The JSON body has both 'image' and 'images'; send one of them.")
        }
    }

    /// Base64 of RFC 4648, section 4, with or without the `data:…;base64,` in front that browsers put there.
    private static func decode(_ text: String, place: String) throws(ClassificationError) -> [UInt8] {
        var base64 = text[...]
        if text.hasPrefix("data:"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) {
            base64 = text[text.utf8.index(after: comma)...]
        }
        guard let data = Data(base64Encoded: String(base64)) else {
            throw .badRequest("'\(place)' is not valid base64: one line of letters, digits, '+' and '/', and '=' at its end (RFC 4648, 4).")
        }
        guard !data.isEmpty else { throw .badRequest("'\(place)' is empty; expected a picture.") }
        return Array(data)
    }
}
