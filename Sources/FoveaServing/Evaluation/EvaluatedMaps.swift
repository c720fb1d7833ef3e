import FoundationEssentials
import FoveaGraph
import FoveaSystem
import FoveaVision

/// The maps that are measured: what a model offers, and two that know nothing of the picture.
struct EvaluatedMaps: Sendable {
    enum Source: Sendable, Hashable {
        /// An index into the description's explanation layers.
        case explanation(Explanation.Method, layer: Int)
        /// An index into the description's maps.
        case attention(Int)
        /// Noise of 7 × 7, blended as any map is.
        case random
        /// Greatest in the middle: photographs have their objects there.
        case centre
    }

    let sources: [Source]
    private let description: ModelDescription
    private static let noise = 7

    init(_ description: ModelDescription) {
        self.description = description
        var sources: [Source] = description.hasExactCAM ? [.explanation(.cam, layer: 0)] : []
        for method in [Explanation.Method.gradcam, .hirescam] {
            sources += description.explanationLayers.indices.map { .explanation(method, layer: $0) }
        }
        sources += description.maps.indices.filter { description.maps[$0].kind == .spatial && description.maps[$0].shape.count == 2 }.map {
            .attention($0)
        }
        self.sources = sources + [.centre, .random]
    }

    /// What one picture's maps need of passes: an input for each method.
    ///
    /// - Parameter target: the class to explain; the best one where it is `nil`.
    func inputs(_ values: [Float], target: Int?) -> [SessionInput] {
        let taps = sources.compactMap { if case .attention(let map) = $0 { map } else { nil } }
        let explained = methods.map { method in
            let layers = method == .cam ? [0] : Array(description.explanationLayers.indices)
            return SessionInput(
                values: values, explanation: ExplanationRequest(method: method, layers: layers, classes: target.map { [$0] } ?? []))
        }
        return [SessionInput(values: values, taps: taps)] + explained
    }

    /// The maps at the input's size, one for each source.
    func fields(_ outputs: [SessionOutput], generator: inout SplitMix64) -> [[Float]] {
        let (height, width) = (description.inputSize[1], description.inputSize[2])
        var attention = outputs.first?.maps[...] ?? []
        return sources.map { source in
            let values: [Float]
            switch source {
            case .explanation(let method, let layer):
                let place = (methods.firstIndex(of: method) ?? 0) + 1
                values = outputs.indices.contains(place) ? outputs[place].explanations.first { $0.layer == layer }?.values ?? [] : []
            case .attention: values = attention.popFirst() ?? []
            case .random: values = (0..<Self.noise * Self.noise).map { _ in Float.random(in: 0..<1, using: &generator) }
            case .centre:
                values = (0..<height * width).map { place in
                    let (x, y) = (Float(place % width) + 0.5 - Float(width) / 2, Float(place / width) + 0.5 - Float(height) / 2)
                    return -(x * x + y * y)
                }
            }
            let size = size(of: source)
            let field = MapResize.resized(values, height: size[0], width: size[1], toHeight: height, toWidth: width)
            // A map that is not there says nothing.
            return field.isEmpty ? [Float](repeating: 0, count: height * width) : field
        }
    }

    func size(of source: Source) -> [Int] {
        switch source {
        case .explanation(_, let layer): Array(description.explanationLayers[layer].shape.suffix(2))
        case .attention(let map): description.maps[map].shape
        case .random: [Self.noise, Self.noise]
        case .centre: Array(description.inputSize.suffix(2))
        }
    }

    func name(of source: Source) -> (method: String, layer: String?) {
        switch source {
        case .explanation(let method, let layer): (method.rawValue, description.explanationLayers[layer].name)
        case .attention(let map): ("attention", description.maps[map].layer)
        case .random: ("random", nil)
        case .centre: ("centre", nil)
        }
    }

    private var methods: [Explanation.Method] {
        var seen: [Explanation.Method] = []
        for case .explanation(let method, _) in sources where !seen.contains(method) { seen.append(method) }
        return seen
    }
}
