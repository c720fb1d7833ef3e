/// Why a picture was refused. The text says what was wrong and where, for the client who sent it.
public enum PictureError: Error, Sendable, Hashable {
    /// Neither JPEG nor PNG.
    case unsupported(String)
    /// Truncated, corrupt, of a kind that is not decoded, or more pixels than allowed.
    case undecodable(String)

    /// The text for the client.
    public var detail: String {
        switch self {
        case .unsupported(let detail), .undecodable(let detail): detail
        }
    }
}
