import FoveaGraph

/// The tensors that a model takes and gives in the Open Inference Protocol.
struct InferenceTensors: Sendable {
    /// One tensor, as the model's metadata lists it. A first extent of -1 is the number of pictures.
    struct Tensor: Sendable, Hashable {
        var name: String
        var datatype: String
        var shape: [Int]
    }

    /// What an output is made of.
    enum Source: Sendable, Hashable {
        case logits, probabilities
        /// An index into the description's maps.
        case map(Int)
        /// The class activation map of a class, the best where none is named.
        case activationMap
    }

    /// A request gives one of them.
    let inputs: [Tensor]
    let outputs: [(tensor: Tensor, source: Source)]

    init(_ description: ModelDescription) {
        inputs = [
            Tensor(name: "input", datatype: "FP32", shape: [-1] + description.inputSize),
            Tensor(name: "image", datatype: "BYTES", shape: [-1]),
        ]
        var outputs: [(Tensor, Source)] = [
            (Tensor(name: "logits", datatype: "FP32", shape: [-1, description.numClasses]), .logits),
            (Tensor(name: "probabilities", datatype: "FP32", shape: [-1, description.numClasses]), .probabilities),
        ]
        for (index, map) in description.maps.enumerated() {
            let name = "attention/\(map.layer)/\(map.kind.rawValue)"
            outputs.append((Tensor(name: name, datatype: "FP32", shape: [-1] + map.shape), .map(index)))
        }
        if let head = description.explanationLayers.first {
            outputs.append((Tensor(name: "cam", datatype: "FP32", shape: [-1] + head.shape.suffix(2)), .activationMap))
        }
        self.outputs = outputs
    }
}
