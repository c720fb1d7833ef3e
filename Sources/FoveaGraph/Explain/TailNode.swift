import FoveaCompute

/// A node between a layer that can be explained and the logits, without the weights that the plan holds packed.
struct TailNode: Sendable {
    enum Kind: Sendable {
        /// A linear layer, run back from the packed weights of a step.
        case linear(step: Int)
        /// A gate's convolution; its few weights are kept as they are stored.
        case convolution(ConvolutionGeometry, weight: Parameter)
        case affine(scale: [Double], shift: [Double])
        /// The same elements in another shape, or a norm that is multiplied into a linear layer's packed weights.
        case identity
        /// An operation without weights.
        case plain(Operation)
    }

    let kind: Kind
    let inputs: [Int]
    let inputCounts: [Int]
    let shape: Shape

    /// The nodes whose values its gradient is made of; `nil` where it has none.
    ///
    /// - Parameter index: its own
    func needed(_ index: Int) -> [Int]? {
        switch kind {
        case .linear, .convolution, .affine, .identity: return []
        case .plain(let operation):
            switch operation {
            case .activation, .softmax: return [index]
            case .binary(.multiply, _, _), .binary(.divide, _, _), .standardize, .matrixProduct, .reduce(.max, _), .pool(.max, _):
                return inputs
            case .binary, .scale, .reduce(.mean, _), .pool, .adaptiveAveragePool, .upsampleNearest, .concatenate, .slice: return []
            default: return nil
            }
        }
    }

    /// The node's value from its inputs' values, where that is cheap; its shape says how many channels there are.
    func value(_ inputs: [[Double]]) -> [Double]? {
        switch kind {
        case .linear, .convolution: return nil
        case .identity: return inputs[0]
        case .affine(let scale, let shift): return Reference.affine(inputs[0], scale: scale, shift: shift)
        case .plain(let operation):
            switch operation {
            case .activation(let activation): return Reference.activation(inputs[0], activation)
            case .scale(let factor): return inputs[0].map { $0 * Double(factor) }
            case .binary(let operation, let first, let second):
                return Reference.binary(operation, Reference.expand(inputs[0], first), Reference.expand(inputs[1], second))
            case .reduce(let reduction, let axis): return Reference.reduce(inputs[0], reduction, axis)
            case .matrixProduct(let geometry): return Reference.matrixProduct(inputs[0], inputs[1], geometry)
            case .concatenate(let outer): return Reference.concatenate(inputs, outer: outer)
            case .slice(let axis, let range): return Reference.slice(inputs[0], axis, range)
            default: return nil
            }
        }
    }

    /// Whether `value` gives one.
    var isCheap: Bool {
        switch kind {
        case .linear, .convolution: return false
        case .identity, .affine: return true
        case .plain(let operation):
            switch operation {
            case .activation, .scale, .binary, .reduce, .concatenate, .slice: return true
            // Of vectors: each number is multiplied once, as in a reduction.
            case .matrixProduct(let geometry): return geometry.m == 1
            default: return false
            }
        }
    }

    /// The gradients of its inputs, in their order.
    ///
    /// - Parameter index: its own
    /// - Parameter value: of a node that `needed` names
    func gradients(_ index: Int, _ g: [Double], value: (Int) -> [Double]) -> [[Double]] {
        switch kind {
        case .linear: return []
        case .identity: return [g]
        case .affine(let scale, _): return [Gradients.affine(g, scale: scale)]
        case .convolution(let geometry, let weight): return [Gradients.convolution(g, weight: weight.values, geometry)]
        case .plain(let operation): return gradients(of: operation, index, g, value)
        }
    }

    private func gradients(of operation: Operation, _ index: Int, _ g: [Double], _ value: (Int) -> [Double]) -> [[Double]] {
        switch operation {
        case .activation(let activation): return [Gradients.activation(g, activation, y: value(index))]
        case .scale(let factor): return [g.map { $0 * Double(factor) }]
        case .softmax(let axis): return [Gradients.softmax(g, axis, y: value(index))]
        case .standardize(let axis, let epsilon):
            return [Gradients.standardize(g, axis, epsilon: Double(epsilon), x: value(inputs[0]))]
        case .binary(let operation, let first, let second):
            let needsValues = operation == .multiply || operation == .divide
            let a = needsValues ? Reference.expand(value(inputs[0]), first) : []
            let b = needsValues ? Reference.expand(value(inputs[1]), second) : []
            return [
                Gradients.contract(Gradients.first(g, operation, b: b), first),
                Gradients.contract(Gradients.second(g, operation, a: a, b: b), second),
            ]
        case .matrixProduct(let geometry):
            let pair = Gradients.matrixProduct(g, value(inputs[0]), value(inputs[1]), geometry)
            return [pair.first, pair.second]
        case .reduce(let reduction, let axis):
            return [Gradients.reduce(g, reduction, axis, x: reduction == .max ? value(inputs[0]) : [])]
        case .pool(let kind, let window):
            return [Gradients.pool(g, kind, channels: shape[0], window, x: kind == .max ? value(inputs[0]) : [])]
        case .adaptiveAveragePool(let input, let output):
            return [Gradients.adaptiveAveragePool(g, channels: shape[0], input: input, output: output)]
        case .upsampleNearest(let input, let output):
            return [Gradients.upsampleNearest(g, channels: shape[0], input: input, output: output)]
        case .concatenate(let outer): return Gradients.concatenate(g, outer: outer, counts: inputCounts)
        case .slice(let axis, let range): return [Gradients.slice(g, axis, range)]
        default: return []
        }
    }
}
