import Testing

@testable import FoveaGraph

@Suite struct GraphBuilderTests {
    private func parameter(_ shape: [Int], _ name: String = "the.weight") -> Parameter {
        Parameter(name: name, shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
    }

    /// The message must name the layer, and the tensor where there is one.
    private func refuses(
        _ parts: String..., inputShape: [Int] = [4, 8, 8], sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (inout GraphBuilder) throws -> Void
    ) throws {
        var builder = try GraphBuilder(inputShape: inputShape)
        do {
            try body(&builder)
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        } catch let error as GraphError {
            for part in parts { #expect(error.description.contains(part), "\(error)", sourceLocation: sourceLocation) }
        }
    }

    @Test func refusesShapesThatDoNotFit() throws {
        try refuses("conv1", "the.weight", "[6, 3, 3, 3]", "4 channels") {
            _ = try $0.convolution($0.input, weight: parameter([6, 3, 3, 3]), layer: "conv1")
        }
        try refuses("conv1", "3×3") { _ = try $0.convolution($0.input, weight: parameter([6, 4, 3, 3]), stride: 0, layer: "conv1") }
        try refuses("conv1", "9×9", "[4, 8, 8]") { _ = try $0.convolution($0.input, weight: parameter([6, 4, 9, 9]), layer: "conv1") }
        try refuses("conv1", "groups") { _ = try $0.convolution($0.input, weight: parameter([6, 1, 3, 3]), groups: 3, layer: "conv1") }
        try refuses("conv1", "[6, 4, 3]") { _ = try $0.convolution($0.input, weight: parameter([6, 4, 3]), layer: "conv1") }
        try refuses("conv1", "the.weight", "[5]", "[6]") {
            _ = try $0.convolution($0.input, weight: parameter([6, 4, 1, 1]), bias: parameter([5]), layer: "conv1")
        }
        try refuses("conv1", "values") {
            _ = try $0.convolution($0.input, weight: Parameter(name: "w", shape: [6, 4, 1, 1], values: [1]), layer: "conv1")
        }
        try refuses("bn1", "[3]", "[4]") {
            _ = try $0.batchNorm(
                $0.input, weight: nil, bias: nil, runningMean: parameter([3]), runningVar: parameter([4]), layer: "bn1")
        }
        try refuses("fc", "[4, 8, 8]") { _ = try $0.linear($0.input, weight: parameter([10, 4]), layer: "fc") }
        try refuses("fc", "256 numbers") { _ = try $0.linear($0.flatten($0.input), weight: parameter([10, 4]), layer: "fc") }
        try refuses("od", "3 kernels") { _ = try $0.dynamicConvolution($0.input, kernels: parameter([3, 6, 4, 1, 1]), layer: "od") }
        try refuses("od", "the output channels", "[4]", "6 numbers") {
            let gate = try $0.globalAveragePool($0.input)
            _ = try $0.dynamicConvolution($0.input, kernels: parameter([1, 6, 4, 1, 1]), outputScale: gate, layer: "od")
        }
        try refuses("pool", "padding 2") { _ = try $0.maxPool($0.input, kernel: 2, padding: 2, layer: "pool") }
        try refuses("[4, 8, 8]", "[5]") {
            _ = try $0.add($0.input, $0.linear($0.globalAveragePool($0.input), weight: parameter([5, 4]), layer: "fc"))
        }
        try refuses("axis 3") { _ = try $0.softmax($0.input, axis: 3) }
        try refuses("a2", "[4, 64]", "the transpose of [4, 8]") {
            let flat = try $0.reshape($0.input, to: [4, 64])
            _ = try $0.matrixProduct(flat, $0.reshape($0.mean($0.input, axis: 1), to: [4, 8]), transposingSecond: true, layer: "a2")
        }
        try refuses("deviation of one number") {
            _ = try $0.standardize($0.reshape($0.globalAveragePool($0.input), to: [4, 1]), axis: 1, epsilon: 0)
        }
        try refuses("sge", "[3]", "[4]") { _ = try $0.affine($0.input, weight: parameter([4]), bias: parameter([3]), layer: "sge") }
        try refuses("[3, 9]") { _ = try $0.reshape($0.input, to: [3, 9]) }
        try refuses("concatenate") { _ = try $0.concatenate([$0.input, $0.globalAveragePool($0.input)]) }
        try refuses("gate", "[2]") { try $0.tap($0.input, layer: "gate", kind: .channel, shape: [2]) }
        try refuses("axis 0", "2 up to 5") { _ = try $0.slice($0.input, axis: 0, from: 2, to: 5) }
        try refuses("axes [0, 3]") { _ = try $0.mean($0.input, axes: [0, 3]) }
        try refuses("gen", "the generated kernel", "[4]") {
            _ = try $0.generatedConvolution($0.input, base: nil, generated: $0.globalAveragePool($0.input), layer: "gen")
        }
        try refuses("deform", "[4, 8, 8]", "[2·G·9, 6, 6]") {
            _ = try $0.deformableConvolution($0.input, offset: $0.input, weight: parameter([6, 4, 3, 3]), layer: "deform")
        }
        try refuses("deform", "mask", "[4, 8, 8]", "[1, 8, 8]") {
            let offset = try $0.slice($0.input, axis: 0, from: 0, to: 2)
            _ = try $0.deformableConvolution($0.input, offset: offset, mask: $0.input, weight: parameter([6, 4, 1, 1]), layer: "deform")
        }
        try refuses("logits", "[4, 8, 8]") { _ = try $0.finish(output: $0.input) }
        #expect(throws: GraphError.self) { try GraphBuilder(inputShape: [3, 0, 4]) }
        #expect(throws: GraphError.self) { try GraphBuilder(inputShape: [.max, 2, 2]) }
    }

    @Test func refusesAValueOfAnotherGraph() throws {
        var other = try GraphBuilder(inputShape: [4, 8, 8])
        for _ in 0..<5 { _ = other.relu(other.input) }
        let foreign = other.relu(other.input)
        try refuses("another graph") {
            let sum = try $0.add($0.input, foreign)
            _ = try $0.finish(output: $0.globalAveragePool(sum))
        }
        // A node of this index is here, but with another shape.
        let narrow = try other.globalAveragePool(other.input)
        try refuses("another graph") {
            for _ in 0..<20 { _ = $0.relu($0.input) }
            let gated = try $0.multiply($0.input, narrow)
            _ = try $0.finish(output: $0.globalAveragePool(gated))
        }
        try refuses("another graph") { try $0.tap(foreign, layer: "gate", kind: .channel, shape: [4, 8, 8]) }
    }

    @Test func infersShapes() throws {
        var builder = try GraphBuilder(inputShape: [3, 32, 24])
        let conv = try builder.convolution(
            builder.input, weight: parameter([8, 3, 5, 3]), stride: (2, 1), padding: (2, 0), dilation: (1, 2), layer: "conv")
        #expect(conv.shape == [8, 16, 20])
        #expect(try builder.maxPool(conv, kernel: 2).shape == [8, 8, 10])
        #expect(try builder.adaptiveAveragePool(conv, to: (7, 7)).shape == [8, 7, 7])
        #expect(try builder.mean(conv, axis: 0).shape == [1, 16, 20])
        #expect(try builder.max(conv, axis: -1, keepDimension: false).shape == [8, 16])
        let vector = try builder.globalAveragePool(conv)
        #expect(vector.shape == [8])
        #expect(try builder.multiply(conv, vector).shape == [8, 16, 20])
        #expect(try builder.linear(vector, weight: parameter([2, 8, 1, 1]), layer: "fc").shape == [2])
        let pixel = try builder.reshape(vector, to: [8, 1, 1])
        #expect(try builder.convolution(pixel, weight: parameter([2, 8, 1, 1]), layer: "fc2").shape == [2, 1, 1])
        #expect(try builder.multiply(pixel, builder.mean(conv, axis: 0)).shape == [8, 16, 20])
        #expect(try builder.concatenate([conv, conv], axis: 0).shape == [16, 16, 20])
    }

    @Test func theTableCountsAsPyTorchDoes() throws {
        var builder = try GraphBuilder(inputShape: [3, 8, 8])
        let conv = try builder.convolution(
            builder.input, weight: parameter([4, 3, 3, 3]), bias: parameter([4], "bias"), padding: 1, layer: "features.0")
        let norm = try builder.batchNorm(
            conv, weight: parameter([4]), bias: parameter([4], "bias"), runningMean: parameter([4]), runningVar: parameter([4]),
            layer: "features.1"
        )
        let relu = builder.relu(norm, layer: "features.2")
        let pooled = try builder.globalAveragePool(relu)
        let gate = builder.sigmoid(
            try builder.linear(pooled, weight: parameter([4, 4, 1, 1]), bias: parameter([4], "bias"), layer: "features.3.fc"))
        try builder.tap(gate, layer: "features.3", kind: .channel, shape: [4])
        let gated = try builder.multiply(relu, gate)
        builder.module("features.3", operation: "SE", output: gated)
        let logits = try builder.linear(
            builder.globalAveragePool(gated), weight: parameter([10, 4]), bias: parameter([10], "bias"), layer: "fc")
        let graph = try builder.finish(output: logits)

        #expect(graph.parameters == 190 && graph.multiplyAdds == 6968)
        #expect(graph.numClasses == 10 && graph.inputShape == [3, 8, 8])
        #expect(graph.layers.map(\.name) == ["features.0", "features.1", "features.2", "features.3", "features.3.fc", "fc"])
        #expect(graph.layers.map(\.operation) == ["Conv2d", "BatchNorm2d", "ReLU", "SE", "Conv2d", "Linear"])
        #expect(graph.layers.map(\.parameters) == [112, 8, 0, 0, 20, 50])
        #expect(graph.layers.map(\.multiplyAdds) == [4 * 3 * 9 * 64, 0, 0, 0, 16, 40])
        #expect(graph.layers[3].outputShape == [4, 8, 8] && graph.layers[3].attentionKinds == [.channel])
        #expect(graph.taps == [Graph.Tap(layer: "features.3", kind: .channel, shape: [4])])
    }

    @Test func aModuleThatIsUsedTwiceIsOneRow() throws {
        var builder = try GraphBuilder(inputShape: [3, 8, 8])
        let pooled = [try builder.globalAveragePool(builder.input), try builder.globalMaxPool(builder.input)]
        let scores = try pooled.map { try builder.linear($0, weight: parameter([3, 3]), bias: parameter([3], "bias"), layer: "fc") }
        let graph = try builder.finish(output: try builder.add(scores[0], scores[1]))
        #expect(graph.layers.map(\.name) == ["fc"])
        #expect(graph.layers[0].parameters == 12 && graph.layers[0].multiplyAdds == 18)
    }
}
