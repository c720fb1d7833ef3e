/// What `torch.save` writes.
struct TorchCheckpoint {
    let tensors: [CheckpointTensor]

    init(_ file: CheckpointFile) throws(CheckpointError) {
        throw CheckpointError("\(quoted(file.name)): PyTorch checkpoints are not read yet.")
    }
}
