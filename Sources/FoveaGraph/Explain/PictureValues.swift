/// One picture's values that gradients are made of.
struct PictureValues: Sendable {
    private let values: [Int: [Double]]

    init(_ explanation: ExplanationPlan, _ request: ExplanationRequest, saved: [Int: [Float]]) {
        var values = saved.mapValues { $0.map(Double.init) }
        for node in Set(request.layers.flatMap { explanation.targets[$0].recomputed }).sorted() {
            guard let tail = explanation.nodes[node] else { continue }
            values[node] = tail.value(tail.inputs.map { values[$0] ?? [] })
        }
        self.values = values
    }

    func value(_ node: Int) -> [Double] { values[node] ?? [] }
}
