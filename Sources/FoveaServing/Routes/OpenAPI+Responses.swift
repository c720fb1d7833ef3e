/// The part of the description that all answers share: what they carry beside their body, and what an error looks like.
extension OpenAPI {
    /// The field that every answer carries.
    static let requestID = ##""X-Request-Id": {"$ref": "#/components/headers/RequestId"}"##

    static let sharedHeaders = #"""
        "RequestId": {"description": "The request's own X-Request-Id, or a generated one.", "required": true, "schema": {"type": "string"}},
        "WWWAuthenticate": {"description": "What is wrong with the token (RFC 6750).", "required": true, "schema": {"type": "string"}},
        "RetryAfter": {"description": "Seconds after which to try again.", "schema": {"type": "integer", "minimum": 0}}
        """#

    /// Each form of an error, with what its status code brings along.
    static var sharedResponses: String {
        let forms = [("Problem", "application/problem+json"), ("InferenceError", "application/json")]
        let additions = [
            ("", ""), ("WithChallenge", ##", "WWW-Authenticate": {"$ref": "#/components/headers/WWWAuthenticate"}"##),
            ("WithRetry", ##", "Retry-After": {"$ref": "#/components/headers/RetryAfter"}"##),
        ]
        return forms.flatMap { form, type in
            additions.map { name, header in
                #"""
                "\#(form)\#(name)": {
                  "description": "What was wrong, where, and what to do.",
                  "headers": {\#(requestID)\#(header)},
                  "content": {"\#(type)": {"schema": {"$ref": "#/components/schemas/\#(form)"}}}
                }
                """#
            }
        }.joined(separator: ",\n")
    }

    /// Problem documents for these status codes.
    static func problems(_ codes: [Int]) -> String { errors(codes, form: "Problem") }

    /// The errors of the Open Inference Protocol for these status codes.
    static func inferenceErrors(_ codes: [Int]) -> String { errors(codes, form: "InferenceError") }

    private static func errors(_ codes: [Int], form: String) -> String {
        codes.map { code in
            let addition =
                switch code {
                case 401, 403: "WithChallenge"
                case 429, 503: "WithRetry"
                default: ""
                }
            return ##""\##(code)": {"$ref": "#/components/responses/\##(form)\##(addition)", "description": "\##(meaning(of: code))"}"##
        }.joined(separator: ",\n")
    }

    private static func meaning(of code: Int) -> String {
        switch code {
        case 400: "Malformed HTTP, JSON, multipart, path or parameter; the detail names it."
        case 401: "A token is missing."
        case 403: "The token is not known, or not an admin's."
        case 404: "There is no such route or model; the detail lists the models."
        case 408: "The body did not arrive in time."
        case 409: "The directory was refused; a model loaded before is still served."
        case 411: "The request has no length."
        case 413: "The body is too large."
        case 415: "Neither JPEG nor PNG, or a body with a Content-Encoding."
        case 422:
            "The picture cannot be decoded: truncated, corrupt, too many pixels, or more memory than there is; or the logits are not finite numbers."
        case 429: "The queue is full, or the memory for requests, maps, drawings or answers."
        case 500: "The pass or a drawing failed."
        case 503: "A model or the server is not ready, or a worker is stuck."
        case 504: "The deadline passed while the request waited."
        default: "It failed."
        }
    }
}
