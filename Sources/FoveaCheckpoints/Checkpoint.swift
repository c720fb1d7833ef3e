/// Named tensors read from files; nothing of the files is executed.
public struct Checkpoint: Sendable {
    /// The tensors by their state-dict names.
    public let tensors: [String: CheckpointTensor]
}

/// One stored tensor; the bytes stay in the file until they are asked for.
public struct CheckpointTensor: Sendable {
    public let shape: [Int]

    /// The values as float32, row-major.
    public func floats() throws(CheckpointError) -> [Float] {
        fatalError("skeleton")
    }
}

/// Why a checkpoint was refused: what was wrong, where, and what to do.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
