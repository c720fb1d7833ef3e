import FoundationEssentials
import FoveaGraph

/// The outputs that a request asked for, laid against its model.
struct InferenceOutputs: Sendable {
    /// One output, and how it is to be sent.
    private struct Wanted: Sendable {
        var tensor: InferenceTensors.Tensor
        var source: InferenceTensors.Source
        var isBinary: Bool
        var classification: Int?

        /// Numbers for each picture.
        var numbers: Int { tensor.shape.dropFirst().reduce(1, *) }

        /// About how many bytes are written for each picture.
        var writtenBytes: Int {
            if let classification { return min(classification, numbers) * JSONWriter.classBytes }
            return numbers * (isBinary ? MemoryLayout<Float>.stride : JSONWriter.numberBytes)
        }
    }

    /// The most numbers of one answer, which is built as a whole: 128 MiB as bytes. For those that are written as text, three times as long, the limit is
    /// that of `POST /classify`.
    static let maxNumbers = 32 << 20

    /// What the passes are to hand out.
    let contents: PassContents
    private let wanted: [Wanted]
    private let labels: [String]
    /// Numbers of all outputs, for each picture.
    let numbers: Int
    /// About how many bytes they take for each picture, together with what is written of them.
    var bytes: Int { wanted.reduce(0) { $0 + $1.numbers * MemoryLayout<Float>.stride + $1.writtenBytes } }

    /// - Throws: the output that the model does not give, or that there would be too many numbers.
    init(_ request: InferenceRequest, pictures: Int, description: ModelDescription) throws(ClassificationError) {
        let tensors = InferenceTensors(description)
        let asked = request.outputs.isEmpty ? ["logits", "probabilities"].map { InferenceRequest.Output(name: $0) } : request.outputs
        var wanted: [Wanted] = []
        var explanation: ExplanationRequest?
        var names: Set<String> = []
        for output in asked {
            guard let (tensor, source) = tensors.outputs.first(where: { $0.tensor.name == output.name }) else {
                let list = tensors.outputs.map(\.tensor.name).joined(separator: ", ")
                throw .badRequest("There is no output '\(output.name.abbreviated)'. The outputs: \(list).")
            }
            guard names.insert(output.name).inserted else { throw .badRequest("The output '\(output.name)' is asked for twice.") }
            if output.classification != nil, source != .logits, source != .probabilities {
                throw .badRequest("The output '\(output.name)' has no classes; 'classification' is for logits and probabilities.")
            }
            if source == .activationMap {
                explanation = ExplanationRequest(method: .cam, classes: output.classIndex.map { [$0] } ?? [])
            } else if output.classIndex != nil {
                throw .badRequest("The output '\(output.name)' is not of one class; 'class' is for cam.")
            }
            if let index = output.classIndex, index >= description.numClasses {
                throw .badRequest("There is no class \(index); the model's classes are 0 to \(description.numClasses - 1).")
            }
            wanted.append(
                Wanted(
                    tensor: tensor, source: source, isBinary: output.isBinary ?? request.isBinary, classification: output.classification))
        }
        numbers = wanted.reduce(0) { $0 + $1.numbers }
        guard numbers <= Self.maxNumbers / pictures else {
            throw .badRequest(
                "The outputs have \(numbers) numbers for each of \(pictures) pictures; \(Self.maxNumbers) are allowed in all.")
        }
        let texts = wanted.reduce(0) { $0 + ($1.isBinary ? 0 : $1.numbers) }
        guard texts <= ResolvedRequest.maxNumbers / pictures else {
            throw .badRequest(
                "The outputs in JSON have \(texts) numbers for each of \(pictures) pictures; \(ResolvedRequest.maxNumbers) are allowed in all. Ask for them "
                    + "as bytes, with 'binary_data', or for fewer pictures at once.")
        }
        self.wanted = wanted
        labels = description.labels
        contents = PassContents(
            maps: wanted.compactMap { if case .map(let index) = $0.source { index } else { nil } }, explanation: explanation)
    }

    /// The output tensors of as many passes as there were pictures.
    func tensors(_ passes: [SessionOutput]) -> [InferenceResponse.Tensor] {
        wanted.map { output in
            let rows = passes.map { row(output.source, $0) }
            var shape = output.tensor.shape
            shape[0] = passes.count
            if let count = output.classification {
                let classes = rows.map { best(count, of: $0) }
                return InferenceResponse.Tensor(
                    name: output.tensor.name, shape: [passes.count, classes.first?.count ?? 0], isBinary: output.isBinary,
                    elements: .texts(classes.flatMap { $0 }))
            }
            return InferenceResponse.Tensor(
                name: output.tensor.name, shape: shape, isBinary: output.isBinary, elements: .numbers(rows))
        }
    }

    private func row(_ source: InferenceTensors.Source, _ output: SessionOutput) -> [Float] {
        switch source {
        case .logits: return output.logits
        case .probabilities: return Softmax.probabilities(output.logits).map(Float.init)
        case .map(let index):
            guard let place = contents.maps.firstIndex(of: index), output.maps.indices.contains(place) else { return [] }
            return output.maps[place]
        case .activationMap: return output.explanations.first?.values ?? []
        }
    }

    /// The classification extension's text, `value:index:label`.
    private func best(_ count: Int, of values: [Float]) -> [String] {
        Softmax.best(values, count).map { index in
            "\(values[index]):\(index)" + (labels.indices.contains(index) ? ":\(labels[index])" : "")
        }
    }
}
