import FoveaGraph

/// VGG (Simonyan and Zisserman, 2014) as torchvision lays it out: blocks of 3×3 convolutions, each block ended by a gate, if there is
/// one, and a pooling that halves the map; then three linear layers.
///
/// The elements of `features` are numbered as in PyTorch's `Sequential`, where ReLU, gate and pooling count.
struct VGG: Module {
    /// Channels of each convolution, block by block.
    var blocks: [[Int]]
    var batchNorm = false
    /// Stands before each pooling.
    var gate: (any Module)?
    /// Stands in place of the last convolution of each block.
    var convolution: (any ConvolutionModule)?
    /// Whether `features` is a `Sequential` of one `Sequential` per block.
    var nested = false
    /// Width of the two hidden linear layers.
    var hidden: Int
    /// Side of the adaptive pooling before them.
    var pool: Int
    var classes: Int
    /// timm's `mlp_ratio`: the first hidden layer's width per width of the second.
    var mlpRatio = 1.0

    func callAsFunction(_ picture: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        let features = weights["features"]
        var x = picture
        var index = 0
        for (number, block) in blocks.enumerated() {
            let features = nested ? features[number] : features
            if nested { index = 0 }
            for (place, channels) in block.enumerated() {
                let replacement = place == block.count - 1 ? convolution : nil
                x = try (replacement ?? Conv2d())(x, Window(channels: channels, kernel: 3, padding: 1), features[index], &graph)
                index += 1
                if batchNorm {
                    x = try graph.batchNorm(x, features[index])
                    index += 1
                }
                x = graph.relu(x)
                graph.mark(x, layer: features[index].path)
                index += 1
            }
            if let gate {
                x = try gate(x, features[index], &graph)
                index += 1
            }
            x = try graph.maxPool(x, kernel: 2, stride: 2, layer: features[index].path)
            index += 1
        }
        // The published weights come in two spellings.
        if weights.has("pre_logits.fc1.weight") || weights.has("head.fc.weight") { return try timmHead(x, weights, &graph) }
        x = try graph.adaptiveAveragePool(x, to: (pool, pool), layer: weights["avgpool"].path)

        let classifier = weights["classifier"]
        x = graph.relu(try graph.linear(graph.flatten(x), to: hidden, classifier[0]))
        x = graph.relu(try graph.linear(x, to: hidden, classifier[3]))
        return try graph.linear(x, to: classes, classifier[6])
    }

    /// timm's head (timm/models/vgg.py): the linear layers as convolutions over maps of any size, and their mean.
    private func timmHead(_ features: Value, _ weights: Weights, _ graph: inout GraphBuilder) throws -> Value {
        var x = features
        if x.mapShape.contains(where: { $0 < pool }) {
            let size = x.mapShape.map { max($0, pool) }
            x = try graph.adaptiveAveragePool(x, to: (size[0], size[1]))
        }
        let (fc1, fc2) = (weights["pre_logits.fc1"], weights["pre_logits.fc2"])
        let width = Int(Double(hidden) * mlpRatio)
        guard width > 0 else { throw ModelError("model_args: a mlp_ratio of \(mlpRatio) leaves none of \(hidden) channels.") }
        if x.mapShape == [pool, pool] {
            // One position is left: a matrix product of vectors.
            let kernel = try fc1.parameter("weight", shape: [width, x.channels, pool, pool])
            let matrix = Parameter(name: kernel.name, shape: [width, x.channels * pool * pool], values: kernel.values)
            let bias = try fc1.parameter("bias", shape: [width])
            x = try graph.linear(graph.flatten(x), weight: matrix, bias: bias, layer: fc1.path)
            graph.module(fc1.path, operation: "Conv2d", output: x)
            x = graph.relu(try graph.conv1x1(graph.relu(x), to: hidden, fc2))
        } else {
            x = graph.relu(try graph.conv2d(x, Window(channels: width, kernel: pool), fc1))
            x = graph.relu(try graph.conv1x1(x, to: hidden, fc2))
            graph.mark(x, layer: weights["pre_logits"].path)
            x = try graph.globalAveragePool(x, layer: weights["head.global_pool"].path)
        }
        return try graph.linear(x, to: classes, weights["head.fc"])
    }
}

extension VGG {
    /// Convolutions per block, by depth.
    private static let depths = [11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]]

    /// Reads `width`, `hidden` and `pool`.
    private init(depth: Int, _ arguments: inout ArgumentReader, _ configuration: ModelConfiguration) throws(ModelError) {
        let width = try arguments.positive("width", default: 1, atMost: 16)
        let channels = [64, 128, 256, 512, 512].map { Int(Double($0) * width) }
        guard channels.allSatisfy({ $0 > 0 }) else {
            throw arguments.refusal("width", .number(width), expected: "at least \(1.0 / 64), so that no layer is without channels")
        }
        blocks = zip(channels, Self.depths[depth] ?? []).map { Array(repeating: $0, count: $1) }
        hidden = try arguments.integer("hidden", default: 4096, in: 1...1 << 16)
        pool = try arguments.integer("pool", default: 7, in: 1...64)
        classes = configuration.numClasses
    }

    /// VGG of one of the four depths; reads `attention` and `attention_args` too.
    static func plain(_ depth: Int, batchNorm: Bool = false) -> NetworkBuilder {
        { arguments, configuration in
            var vgg = try VGG(depth: depth, &arguments, configuration)
            vgg.batchNorm = batchNorm
            let attention = try Attention.read(&arguments)
            (vgg.gate, vgg.convolution) = (attention?.gate, attention?.convolution)
            // timm has these names too.
            try TimmArguments.checkCommon(&arguments)
            vgg.mlpRatio = try arguments.positive("mlp_ratio", default: 1, atMost: 16)
            return vgg
        }
    }

    /// VGG16 with `DynamicConvAttention` in place of each block's last convolution, unless `use_dynamic_conv` is false; reads
    /// `reduction_ratio`, `attention` and `attention_args` too.
    static let withDynamicConvolution: NetworkBuilder = { arguments, configuration in
        var vgg = try VGG(depth: 16, &arguments, configuration)
        vgg.nested = true
        let dynamic = try DynamicConvAttention(&arguments)
        if try arguments.flag("use_dynamic_conv", default: true) { vgg.convolution = dynamic }
        try vgg.add(.convolution(dynamic), named: "dynamic", &arguments)
        return vgg
    }

    /// VGG16 with `LocalAttention` before each pooling; reads `reduction_ratio`, `attention` and `attention_args` too.
    static let withLocalAttention: NetworkBuilder = { arguments, configuration in
        var vgg = try VGG(depth: 16, &arguments, configuration)
        let local = try LocalAttention(&arguments)
        vgg.gate = local
        try vgg.add(.gate(local), named: "local", &arguments)
        return vgg
    }

    /// Reads `attention` for a network that has a block of its own: that one may be named, and one for the other place.
    private mutating func add(_ own: Attention, named name: String, _ arguments: inout ArgumentReader) throws(ModelError) {
        guard let attention = try Attention.read(&arguments, own: own, named: name), let given = try arguments.string("attention") else {
            return
        }
        if given == name {
            guard !arguments.has("attention_args") || !arguments.has("reduction_ratio") else {
                throw ModelError("model_args: reduction_ratio and attention_args cannot both be there for \(name).")
            }
        } else {
            guard gate == nil || attention.gate == nil, convolution == nil || attention.convolution == nil else {
                let expected = "\(name), which the network has there, or one for another place"
                throw arguments.refusal("attention", .string(given), expected: expected)
            }
        }
        gate = attention.gate ?? gate
        convolution = attention.convolution ?? convolution
    }
}
