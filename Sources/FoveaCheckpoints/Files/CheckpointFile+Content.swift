extension CheckpointFile {
    /// What a file holds that is no index, under the names that it gives.
    func content() throws(CheckpointError) -> (tensors: [CheckpointTensor], metadata: [String: String]) {
        let isTorch =
            switch name.split(separator: ".").last?.lowercased() {
            case "safetensors": false
            case "bin", "pth", "pt": true
            default: try FileKind(of: self) == .zip
            }
        if isTorch { return (try TorchCheckpoint(self).tensors, [:]) }
        let safetensors = try SafetensorsFile(self)
        return (safetensors.tensors, safetensors.metadata)
    }
}
