/// A preprocessing that cannot be carried out, and which of its settings is at fault.
public struct PreprocessorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was wrong, with the setting's name and value.
    public let description: String
}
