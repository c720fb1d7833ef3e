/// Why a server could not start.
public struct HTTPServerStartError: Error, Sendable, CustomStringConvertible {
    /// What failed, where, and what to do.
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}
