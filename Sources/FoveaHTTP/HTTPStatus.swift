import HTTPTypes

extension HTTPResponse.Status {
    /// The reason phrase of RFC 9110, 15, whatever phrase this value carries; `Error` or `OK` for codes without one.
    public var phrase: String {
        let phrase = HTTPResponse.Status(code: code).reasonPhrase
        if !phrase.isEmpty { return phrase }
        return code >= 400 ? "Error" : "OK"
    }
}
