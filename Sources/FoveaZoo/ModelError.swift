/// Why a model was refused; the text is for the user, and names no path outside the model's directory.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole message, one or two sentences.
    public let description: String

    /// An error that says what was wrong, where, and what to do.
    public init(_ description: String) {
        self.description = description
    }
}
