extension Plan {
    /// The layers that a pass can explain: those from whose map on only gates, poolings and linear layers follow, the one to explain where
    /// none is named first: the head's input, or the next larger map where that has a single position. Empty where the logits come from anything but a linear layer.
    public var explanationLayers: [ExplanationLayer] { explanation?.targets.map(\.layer) ?? [] }

    /// Whether the head is a global average pooling and one linear layer, whose class activation map is exact; any other head's `cam` is
    /// its Grad-CAM.
    public var hasExactCAM: Bool { explanation?.isPooled ?? false }

    func check(_ request: ExplanationRequest) throws(GraphError) {
        guard let explanation else { throw GraphError("an explanation was asked for, but the plan offers none") }
        guard request.layers.allSatisfy(explanation.targets.indices.contains) else {
            throw GraphError("a layer was to be explained that is not among the plan's \(explanation.targets.count)")
        }
        // The weights of a pooled head are those of its own input's channels.
        guard explanation.method(request.method) != .cam || request.layers == [0] else {
            throw GraphError("the class activation map of the layers \(request.layers) was asked for; the head's input has one, layer 0")
        }
        guard request.classes.allSatisfy((0..<numClasses).contains), request.classes.count <= ExplanationRequest.maxClasses else {
            throw GraphError(
                "the classes \(request.classes) were to be explained; up to \(ExplanationRequest.maxClasses) below \(numClasses) can be")
        }
    }
}
