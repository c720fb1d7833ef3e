import FoveaHTTP
import HTTPTypes

/// Why a picture got no answer. Every text is for the user.
public enum ClassificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A parameter, or the body around the pictures, is wrong.
    case badRequest(String)
    case unknownModel(String)
    /// The model will answer in a moment.
    case modelNotReady(String)
    /// The model cannot answer until someone does something about it.
    case modelUnavailable(String)
    /// Neither JPEG nor PNG.
    case unsupportedPicture(String)
    /// Truncated, corrupt, or more pixels or memory than allowed.
    case undecodablePicture(String)
    case queueFull(retryAfterSeconds: Int)
    /// The drawings of other answers take all the memory that there is for them.
    case drawingsFull
    /// The maps of other pictures take all the memory that there is for them.
    case mapsFull
    /// A map could not be drawn over the picture, and why.
    case drawingFailed(String)
    case deadlinePassed
    /// The client left; nobody will read this.
    case abandoned
    case inferenceFailed
    /// The pass gave no numbers.
    case notFinite

    /// Whether the picture that it met has no part in it: then a request of several pictures fails as a whole.
    var endsRequest: Bool { self == .drawingsFull || self == .abandoned }

    /// What is wrong, where, and what to do.
    public var detail: String {
        switch self {
        case .badRequest(let text), .unknownModel(let text), .modelNotReady(let text), .modelUnavailable(let text),
            .unsupportedPicture(let text), .undecodablePicture(let text):
            text
        case .queueFull(let seconds): "The queue is full. Try again in \(seconds) s."
        case .drawingsFull:
            "The drawings of other answers take all the memory that there is for them. Try again in 1 s, or ask for fewer `layers`."
        case .mapsFull:
            "The maps of other pictures take all the memory that there is for them. Try again in 1 s, or ask for fewer `layers` or outputs."
        case .drawingFailed(let reason): "A map could not be drawn over the picture: \(reason). Ask for the maps without 'overlay'."
        case .deadlinePassed: "The deadline passed while the picture waited for a worker. Send fewer at once, or raise --deadline-ms."
        case .abandoned: "The client left before the answer was there."
        case .inferenceFailed: "The pass through the network failed; the server's log says why."
        case .notFinite:
            "The logits are not finite numbers: the input's values, or the `mean` and `std` of the model's configuration, are beyond what the network can "
                + "compute with."
        }
    }

    /// As `detail`, for logs and the command line.
    public var description: String { detail }

    /// The answer that tells it.
    public var problem: Problem {
        switch self {
        case .badRequest: Problem(.badRequest, detail)
        case .unknownModel: Problem(.notFound, detail)
        case .modelNotReady: Problem(.serviceUnavailable, detail, fields: [.retryAfter: "1"])
        case .modelUnavailable: Problem(.serviceUnavailable, detail)
        case .unsupportedPicture: Problem(.unsupportedMediaType, detail)
        case .undecodablePicture: Problem(.unprocessableContent, detail)
        case .queueFull(let seconds): Problem(.tooManyRequests, detail, fields: [.retryAfter: "\(seconds)"])
        case .drawingsFull, .mapsFull: Problem(.tooManyRequests, detail, fields: [.retryAfter: "1"])
        case .drawingFailed: Problem(.internalServerError, detail)
        case .deadlinePassed: Problem(.gatewayTimeout, detail)
        case .abandoned: Problem(.clientClosedRequest, detail)
        case .inferenceFailed: Problem(.internalServerError, detail)
        case .notFinite: Problem(.unprocessableContent, detail)
        }
    }
}

/// What `body` returns; what it throws is thrown as the answer that tells it.
func asProblem<Value>(_ body: () throws(ClassificationError) -> Value) throws(Problem) -> Value {
    do throws(ClassificationError) { return try body() } catch { throw error.problem }
}
