import FoveaTesting

@testable import FoveaGraph

/// Puts a graph together by chance from everything that a builder offers, with taps in the middle of what would be fused.
struct RandomGraph {
    private var random: Random
    private var builder: GraphBuilder
    private let sizes: Sizes
    private var taps = 0

    /// How many channels maps have, and how many positions along each axis.
    enum Sizes {
        /// Blocks that are not full, and every kernel for them.
        case few
        /// Whole blocks, some halves, and maps of several tiles: what batches share.
        case many
    }

    static func make(_ seed: Int, _ sizes: Sizes = .few) throws -> Graph {
        var random = Random(seed)
        let side = sizes == .few ? 4...9 : 7...17
        let shape = [sizes == .few ? random.int(1...4) : random.pick(blocks), random.int(side), random.int(side)]
        var maker = RandomGraph(random: random, builder: try GraphBuilder(inputShape: shape), sizes: sizes)
        return try maker.make()
    }

    private init(random: Random, builder: GraphBuilder, sizes: Sizes) {
        self.random = random
        self.builder = builder
        self.sizes = sizes
    }

    private static let blocks = [16, 24, 32, 48, 128]

    private mutating func channels() -> Int { sizes == .few ? random.int(1...6) : random.pick(Self.blocks) }

    private mutating func make() throws -> Graph {
        var x = builder.input
        for index in 0..<random.int(3...9) {
            x = try block(x, "block\(index)")
            if random.int(0...4) == 0 { try tap(x) }
        }
        var y = random.int(0...1) == 0 ? try builder.globalAveragePool(x) : builder.flatten(x)
        if random.int(0...1) == 0 { y = try random.norm(&builder, y, "norm") }
        y = try builder.linear(y, weight: random.parameter([5, y.shape[0]]), bias: random.parameter([5]), layer: "head")
        return try builder.finish(output: y)
    }

    private mutating func tap(_ value: Value) throws {
        taps += 1
        try builder.tap(value, layer: "tap\(taps)", kind: .channel, shape: value.shape)
    }

    private mutating func convolution(_ x: Value, _ layer: String, to channels: Int? = nil, kernel: Int? = nil) throws -> Value {
        let channels = channels ?? self.channels()
        let kernel = kernel ?? random.pick([1, 3, 3])
        let bias = random.int(0...1) == 0 ? random.parameter([channels]) : nil
        let groups = channels % 2 == 0 && x.shape[0] % 2 == 0 ? random.int(1...2) : 1
        return try builder.convolution(
            x, weight: random.parameter([channels, x.shape[0] / groups, kernel, kernel]), bias: bias, padding: kernel / 2, groups: groups,
            layer: layer)
    }

    private mutating func gate(_ x: Value, _ count: Int, _ layer: String) throws -> Value {
        let pooled = try builder.globalAveragePool(x)
        let linear = try builder.linear(
            pooled, weight: random.parameter([count, x.shape[0]]), bias: random.parameter([count]), layer: layer)
        let gate = builder.sigmoid(linear)
        if random.int(0...2) == 0 { try tap(gate) }
        return gate
    }

    private mutating func block(_ x: Value, _ layer: String) throws -> Value {
        switch random.int(0...16) {
        case 0:
            let y = try convolution(x, layer + ".conv")
            return random.int(0...1) == 0 ? builder.relu(y) : builder.sigmoid(y)
        case 1:
            var y = try convolution(x, layer + ".conv")
            if random.int(0...3) == 0 { try tap(y) }
            y = try random.norm(&builder, y, layer + ".bn")
            if random.int(0...3) == 0 { y = try random.norm(&builder, y, layer + ".bn2") }
            return builder.relu(y)
        case 2:
            // A residual block, with or without a convolution on the side.
            let channels = x.shape[0]
            var y = builder.relu(try random.norm(&builder, try convolution(x, layer + ".conv1"), layer + ".bn1"))
            y = try random.norm(&builder, try convolution(y, layer + ".conv2", to: channels), layer + ".bn2")
            var side = x
            if random.int(0...1) == 0 {
                side = try random.norm(&builder, try convolution(x, layer + ".side", to: channels), layer + ".bn3")
            }
            return builder.relu(random.int(0...1) == 0 ? try builder.add(y, side) : try builder.subtract(side, y))
        case 3:
            // LocalAttention: the product of two gates of which neither has the result's shape.
            let channel = try builder.reshape(gate(x, x.shape[0], layer + ".ca"), to: [x.shape[0], 1, 1])
            let spatial = builder.sigmoid(try convolution(x, layer + ".sa", to: 1))
            if random.int(0...1) == 0 { try tap(spatial) }
            return try builder.multiply(x, try builder.multiply(channel, spatial))
        case 4: return try dynamic(x, layer)
        case 5: return try dynamic(x, layer)
        case 6:
            guard x.shape[1] >= 3, x.shape[2] >= 3 else { return builder.relu(x) }
            return random.int(0...1) == 0
                ? try builder.maxPool(x, kernel: 3, stride: 2, padding: 1, ceilMode: true)
                : try builder.averagePool(x, kernel: 2, stride: 1, countIncludePad: false)
        case 7:
            // CBAM's spatial gate.
            let maps = try builder.concatenate([builder.mean(x, axis: 0), builder.max(x, axis: 0)], axis: 0)
            return try builder.multiply(builder.sigmoid(try convolution(maps, layer + ".sa", to: 1)), x)
        case 8:
            let y = try builder.reshape(x, to: [x.shape[0], x.shape[1] * x.shape[2]])
            let soft = try builder.softmax(y, axis: random.int(-2...1))
            // A value that only a map needs.
            if random.int(0...1) == 0 { try tap(builder.scale(soft, by: 3)) }
            return try builder.reshape(builder.add(y, soft), to: x.shape)
        case 9:
            let y = try builder.adaptiveAveragePool(x, to: (random.int(1...5), random.int(1...5)))
            return try builder.add(x, builder.upsampleNearest(y, to: (x.shape[1], x.shape[2])))
        case 11:
            // Double attention: products of values with values.
            let (channels, area) = (x.shape[0], x.shape[1] * x.shape[2])
            let flat = try builder.reshape(x, to: [channels, area])
            let descriptors = try convolution(x, layer + ".b")
            let gather = try builder.softmax(builder.reshape(descriptors, to: [descriptors.shape[0], area]), axis: 1)
            if random.int(0...1) == 0 { try tap(builder.divide(gather, builder.max(gather, axis: 1))) }
            let gathered = try builder.matrixProduct(flat, gather, transposingSecond: true, layer: layer)
            return builder.relu(try builder.reshape(builder.matrixProduct(gathered, gather), to: x.shape))
        case 12:
            // Similarity with the pooled vectors of groups, standardised.
            let (channels, area) = (x.shape[0], x.shape[1] * x.shape[2])
            guard area > 1 else { return x }
            let groups = random.pick((1...channels).filter { channels % $0 == 0 })
            let parts = try builder.reshape(x, to: [groups, channels / groups, area])
            let pooled = try builder.reshape(builder.globalAveragePool(x), to: [groups, 1, channels / groups])
            let similarity = try builder.reshape(builder.matrixProduct(pooled, parts), to: [groups, area])
            // A value between the two steps keeps them apart.
            if random.int(0...3) == 0 { try tap(similarity) }
            let gate = builder.sigmoid(
                try builder.affine(
                    builder.standardize(similarity, axis: 1, epsilon: 0.1), weight: random.parameter([groups]),
                    bias: random.parameter([groups]), layer: layer))
            if random.int(0...2) == 0 { try tap(gate) }
            return try builder.reshape(builder.multiply(parts, try builder.reshape(gate, to: [groups, 1, area])), to: x.shape)
        case 10: return try random.norm(&builder, builder.multiply(x, x), layer + ".bn")
        case 13: return builder.scale(builder.relu(x), by: 0.5)
        case 14: return try generated(x, layer)
        case 15: return try deformable(x, layer)
        default: return try slices(x, layer)
        }
    }

    private mutating func generated(_ x: Value, _ layer: String) throws -> Value {
        let (channels, kernel) = (random.int(1...6), random.pick([1, 3]))
        let shape = [channels, x.shape[0], kernel, kernel]
        // Sigmoids are all positive: unscaled, they would blow the map up.
        let gate = builder.scale(try gate(x, shape.reduce(1, *), layer + ".generator"), by: 1 / Float(shape[1] * kernel * kernel))
        let generated = try builder.reshape(gate, to: shape)
        if random.int(0...1) == 0 {
            for axes in [[1, 2, 3], [0, 2, 3], [0, 1], [-1]] { try tap(builder.mean(generated, axes: axes)) }
        }
        let base = random.int(0...2) > 0 ? random.parameter(shape) : nil
        let bias = random.int(0...1) == 0 ? random.parameter([channels]) : nil
        var y = try builder.generatedConvolution(
            x, base: base, baseBias: bias, generated: generated, stride: random.int(1...2), padding: kernel / 2, layer: layer)
        if random.int(0...1) == 0 { y = try random.norm(&builder, y, layer + ".bn") }
        return random.int(0...1) == 0 ? builder.relu(y) : y
    }

    private mutating func deformable(_ x: Value, _ layer: String) throws -> Value {
        let groups = x.shape[0] % 2 == 0 ? 2 : 1
        let offset = try convolution(x, layer + ".offset", to: 18 * groups, kernel: 3)
        let mask = random.int(0...1) == 0 ? builder.sigmoid(try convolution(x, layer + ".mask", to: 9 * groups, kernel: 3)) : nil
        if random.int(0...1) == 0 { try tap(builder.offsetLength(offset)) }
        let channels = groups * random.int(1...4)
        var y = try builder.deformableConvolution(
            x, offset: offset, mask: mask, weight: random.parameter([channels, x.shape[0] / groups, 3, 3]),
            bias: random.int(0...1) == 0 ? random.parameter([channels]) : nil, padding: 1, groups: groups, layer: layer)
        if random.int(0...1) == 0 { y = try random.norm(&builder, y, layer + ".bn") }
        return random.int(0...1) == 0 ? builder.relu(y) : y
    }

    /// Parts that are cut out, worked on and put together again, some of them twice, and tapped on the way.
    private mutating func slices(_ x: Value, _ layer: String) throws -> Value {
        let axis = random.int(0...2)
        var cut = random.int(0...x.shape[axis])
        // Between blocks of channels.
        if sizes == .many, axis == 0, random.int(0...1) == 0 { cut = cut / 16 * 16 }
        var parts: [Value] = []
        if cut > 0 { parts.append(try builder.slice(x, axis: axis, from: 0, to: cut)) }
        if cut < x.shape[axis] {
            let part = try builder.slice(x, axis: axis - 3, from: cut, to: x.shape[axis])
            parts.append(random.int(0...1) == 0 ? builder.relu(part) : try convolution(part, layer + ".conv", to: part.shape[0]))
        }
        if random.int(0...1) == 0 { try tap(parts[random.int(0...parts.count - 1)]) }
        if random.int(0...1) == 0 { parts.append(parts[0]) }
        if random.int(0...1) == 0 { parts.append(builder.sigmoid(parts[0])) }
        let whole = try builder.concatenate(parts, axis: axis)
        if random.int(0...1) == 0 { try tap(whole) }
        return random.int(0...1) == 0 ? try builder.concatenate([whole, builder.relu(parts[0])], axis: axis) : builder.relu(whole)
    }

    private mutating func dynamic(_ x: Value, _ layer: String) throws -> Value {
        let groups = x.shape[0] % 2 == 0 && random.int(0...1) == 0 ? 2 : 1
        let most = sizes == .few ? 20 : 80
        let (count, channels, kernel) = (random.pick([1, 3, 4]), groups * random.int(1...most), random.pick([1, 3]))
        let attention = count > 1 ? try builder.softmax(gate(x, count, layer + ".kernel"), axis: 0) : nil
        let spatial = random.int(0...1) == 0 ? try gate(x, kernel * kernel, layer + ".spatial") : nil
        let inputScale = random.int(0...1) == 0 ? try gate(x, x.shape[0], layer + ".channel") : nil
        let outputScale = random.int(0...1) == 0 ? try gate(x, channels, layer + ".filter") : nil
        let bias = random.pick([nil, random.parameter([channels]), random.parameter([count, channels])])
        var y = try builder.dynamicConvolution(
            x, kernels: random.parameter([count, channels, x.shape[0] / groups, kernel, kernel]), kernelAttention: attention,
            kernelSpatial: spatial, inputScale: inputScale, outputScale: outputScale, bias: bias, padding: kernel / 2, groups: groups,
            layer: layer)
        if random.int(0...1) == 0 { y = try random.norm(&builder, y, layer + ".bn") }
        return random.int(0...1) == 0 ? builder.relu(y) : y
    }
}
