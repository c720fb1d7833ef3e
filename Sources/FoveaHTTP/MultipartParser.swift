import HTTPTypes

struct MultipartParser {
    init(body: [UInt8], contentType: String, limits: Multipart.Limits) throws(Problem) {
        throw Problem(.notImplemented, "Multipart bodies are not read yet.")
    }

    mutating func parse() throws(Problem) -> [Multipart.Part] { [] }
}
