/// A function of one number.
public enum Activation: Sendable, Hashable {
    /// max(x, 0); keeps NaN, as PyTorch does.
    case relu
    /// 1 / (1 + exp(-x))
    case sigmoid
    /// √x
    case squareRoot
}

/// A function of two numbers.
public enum BinaryOperator: Sendable, Hashable {
    case add, subtract, multiply, divide
}

/// How the numbers along an axis become one.
public enum Reduction: Sendable, Hashable {
    case mean, max
}

/// What a pooling computes of each window.
public enum PoolingKind: Sendable, Hashable {
    /// The largest element; padding is never it.
    case max
    /// The mean; `countIncludePad` counts the padding as zeros, as PyTorch's `count_include_pad`.
    case average(countIncludePad: Bool)
}
