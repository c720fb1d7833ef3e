import FoveaCompute

/// What follows a pass for the pictures that ask for explanations: the gradients of some logits, back to the layers.
///
/// All classes of all pictures go back together, so that each linear layer's weights stream from memory once. No number of one depends on
/// another.
struct ExplanationRun {
    private let plan: Plan
    private let explanation: ExplanationPlan
    private let inputs: [SessionInput]
    private let outputs: UnsafeMutableBufferPointer<SessionOutput>
    private let isWanted: ((Int) -> Bool)?
    /// The pictures that ask for one.
    private var pictures: [Int]

    /// - Returns: `nil` where no picture of the range asks for one.
    init?(
        plan: Plan, inputs: [SessionInput], range: Range<Int>, outputs: UnsafeMutableBufferPointer<SessionOutput>,
        isWanted: ((Int) -> Bool)?
    ) {
        // One that was given up on the way has no logits.
        func asks(_ picture: Int) -> Bool { inputs[picture].explanation != nil && !outputs[picture].logits.isEmpty }
        guard let explanation = plan.explanation, range.contains(where: asks) else { return nil }
        self.plan = plan
        self.explanation = explanation
        self.inputs = inputs
        self.outputs = outputs
        self.isWanted = isWanted
        pictures = range.filter(asks)
    }

    func run(_ lane: Lane) {
        var rows: [Row] = []
        for picture in pictures {
            guard let request = inputs[picture].explanation else { continue }
            let logits = outputs[picture].logits
            let classes = request.classes.isEmpty ? [Self.best(logits)] : request.classes
            if explanation.method(request.method) == .cam {
                activationMaps(of: picture, request, classes)
            } else {
                rows += classes.map { Row(picture: picture, classIndex: $0, request: request) }
            }
        }
        guard !rows.isEmpty else { return }
        var values: [Int: PictureValues] = [:]
        for row in rows where values[row.picture] == nil {
            values[row.picture] = PictureValues(explanation, row.request, saved: outputs[row.picture].saved)
        }
        goBack(&rows, values, lane)
        for picture in pictures {
            let own = rows.filter { $0.picture == picture }
            // One that was given up on the way back has no gradient at its layers.
            guard !outputs[picture].logits.isEmpty, let request = own.first?.request, let values = values[picture] else { continue }
            let method = explanation.method(request.method)
            outputs[picture].explanations = request.layers.flatMap { layer in
                own.compactMap { row in
                    let target = explanation.targets[layer]
                    guard let gradient = row.gradients[target.node] else { return nil }
                    let map = ActivationMaps.weighted(
                        values.value(target.node), by: gradient, channels: target.layer.shape[0], method.weighting)
                    return Explanation(method: method, layer: layer, classIndex: row.classIndex, values: map)
                }
            }
        }
        for picture in pictures { outputs[picture].saved = [:] }
    }

    /// The class that is explained where none was named: the greatest logit's, the first of equals.
    private static func best(_ logits: [Float]) -> Int {
        logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }

    /// The exact class activation maps of a pooled linear head.
    private func activationMaps(of picture: Int, _ request: ExplanationRequest, _ classes: [Int]) {
        guard let target = explanation.targets.first else { return }
        let saved = outputs[picture].saved
        let map = saved[target.node] ?? PictureValues(explanation, request, saved: saved).value(target.node).map { Float($0) }
        outputs[picture].explanations = classes.map { classIndex in
            Explanation(
                method: .cam, layer: 0, classIndex: classIndex, values: ActivationMaps.weighted(map, by: classWeights(classIndex)))
        }
        outputs[picture].saved = [:]
    }

    /// The last linear layer's weights of one class: the gradient of its logit.
    private func classWeights(_ index: Int) -> [Float] {
        let last = plan.steps[explanation.outputStep]
        guard case .map(.linear(let product, .constant(let offset))) = last.kernel else { return [] }
        let scale = last.weightScales?[index] ?? 1
        return product.row(index, of: plan.constants.pointer + offset).map { $0 * scale }
    }

    // MARK: - The way back

    /// One class of one picture, and the gradients of its logit that are known by now.
    private struct Row {
        let picture: Int
        let classIndex: Int
        let request: ExplanationRequest
        var gradients: [Int: [Double]] = [:]

        mutating func add(_ gradient: [Double], to node: Int) {
            guard let sum = gradients[node] else {
                gradients[node] = gradient
                return
            }
            gradients[node] = zip(sum, gradient).map { $0 + $1 }
        }
    }

    /// Goes from the logits through every node that a row's layers need, the last first.
    private func goBack(_ rows: inout [Row], _ values: [Int: PictureValues], _ lane: Lane) {
        let paths = rows.map { row in Set(row.request.layers.flatMap { explanation.targets[$0].path }) }
        let wanted = rows.indices.map { row in paths[row].union(rows[row].request.layers.map { explanation.targets[$0].node }) }
        let order = paths.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted(by: >)
        for node in order {
            let own = rows.indices.filter {
                paths[$0].contains(node) && (node == explanation.output || rows[$0].gradients[node] != nil)
                    && isStillWanted(rows[$0].picture)
            }
            guard let tail = explanation.nodes[node] else { continue }
            if node == explanation.output {
                for row in own { rows[row].add(classWeights(rows[row].classIndex).map(Double.init), to: tail.inputs[0]) }
            } else if case .linear(let step) = tail.kind {
                let gradients = transpose(step, own.compactMap { rows[$0].gradients[node] }, lane)
                for (row, gradient) in zip(own, gradients) { rows[row].add(gradient, to: tail.inputs[0]) }
            } else {
                rows.withUnsafeMutableBufferPointer { rows in
                    lane.forEach(own.count) { place, _ in
                        let row = own[place]
                        guard let g = rows[row].gradients[node], let values = values[rows[row].picture] else { return }
                        let gradients = tail.gradients(node, g) { values.value($0) }
                        for (input, gradient) in zip(tail.inputs, gradients) where wanted[row].contains(input) {
                            rows[row].add(gradient, to: input)
                        }
                    }
                }
            }
            // A target's own gradient is what was asked for.
            for row in own where !rows[row].request.layers.contains(where: { explanation.targets[$0].node == node }) {
                rows[row].gradients[node] = nil
            }
        }
    }

    private func isStillWanted(_ picture: Int) -> Bool {
        guard !outputs[picture].logits.isEmpty else { return false }
        guard let isWanted, !isWanted(picture) else { return true }
        outputs[picture] = SessionOutput(logits: [], maps: [])
        return false
    }

    /// Wᵀ g for every row, over one stream of the weights.
    private func transpose(_ step: Int, _ gradients: [[Double]], _ lane: Lane) -> [[Double]] {
        guard case .map(.linear(let product, .constant(let offset))) = plan.steps[step].kernel else { return gradients }
        let (stride, scales) = (product.transposedRow, plan.steps[step].weightScales)
        var g = [Float](repeating: 0, count: gradients.count * stride)
        for (row, gradient) in gradients.enumerated() {
            for (index, value) in gradient.enumerated() { g[row * stride + index] = Float(value) * (scales?[index] ?? 1) }
        }
        var result = [Float](repeating: 0, count: gradients.count * product.inputs)
        g.withUnsafeBufferPointer { g in
            result.withUnsafeMutableBufferPointer { result in
                guard let g = g.baseAddress, let result = result.baseAddress else { return }
                plan.kernels.transpose(product, lane, plan.constants.pointer + offset, g, rows: gradients.count, to: result)
            }
        }
        return gradients.indices.map { row in result[row * product.inputs..<(row + 1) * product.inputs].map(Double.init) }
    }
}

extension Explanation.Method {
    fileprivate var weighting: ActivationMaps.Weighting {
        switch self {
        case .cam, .gradcam: .mean
        case .hirescam: .each
        case .layercam: .positive
        }
    }
}
