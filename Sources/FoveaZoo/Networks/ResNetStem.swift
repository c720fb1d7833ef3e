import FoveaGraph

/// What stands before the first stage.
enum ResNetStem: Sendable {
    /// 7×7 with stride 2 and a pooling.
    case imagenet(channels: Int)
    /// 3×3 with stride 1, no pooling.
    case cifar(channels: Int)
    /// Three 3×3, the first with stride 2, and a pooling; the last has twice the second's channels, the first may have channels of its own.
    case deep(width: Int, first: Int? = nil)

    /// Whether a pooling stands behind it.
    var pools: Bool {
        if case .cifar = self { false } else { true }
    }

    /// The convolutions, up to the norm `bn1`.
    func callAsFunction(_ x: Value, _ conv1: Weights, _ graph: inout GraphBuilder) throws -> Value {
        switch self {
        case .imagenet(let channels):
            return try graph.conv2d(x, Window(channels: channels, kernel: 7, stride: 2, padding: 3), conv1, bias: false)
        case .cifar(let channels):
            return try graph.conv2d(x, Window(channels: channels, kernel: 3, padding: 1), conv1, bias: false)
        case .deep(let width, let first):
            var x = try graph.conv2d(x, Window(channels: first ?? width, kernel: 3, stride: 2, padding: 1), conv1[0], bias: false)
            x = graph.relu(try graph.batchNorm(x, conv1[1]))
            x = try graph.conv2d(x, Window(channels: width, kernel: 3, padding: 1), conv1[3], bias: false)
            x = graph.relu(try graph.batchNorm(x, conv1[4]))
            return try graph.conv2d(x, Window(channels: 2 * width, kernel: 3, padding: 1), conv1[6], bias: false)
        }
    }
}
