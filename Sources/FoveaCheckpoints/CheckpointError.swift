import FoveaJSON

/// Why a checkpoint was refused: what was wrong, where, and what to do.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
    /// One or two sentences; names files by their last path component only, so that it can be shown to clients.
    public let description: String

    /// An error of this text.
    public init(_ description: String) {
        self.description = description
    }
}

/// Text out of a file as it may stand in a message: in quotes, without control characters, cut where it is long.
func quoted(_ text: some StringProtocol) -> String { "'\(text.shown())'" }
