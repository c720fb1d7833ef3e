extension Reference {
    /// `torch.matmul` of a [batch, m, k] and b [batch, k, n] or, transposed, [batch, n, k].
    public static func matrixProduct(_ a: [Double], _ b: [Double], _ geometry: MatrixProductGeometry) -> [Double] {
        let (m, k, n) = (geometry.m, geometry.k, geometry.n)
        return (0..<geometry.batch * m * n).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: n)
            let second = row / m * k * n
            return (0..<k).reduce(0) { sum, inner in
                sum + a[row * k + inner] * b[second + (geometry.transposesSecond ? column * k + inner : inner * n + column)]
            }
        }
    }

    /// (x - mean) / (std + ε) along an axis, std unbiased.
    public static func standardize(_ x: [Double], _ axis: AxisGeometry, epsilon: Double) -> [Double] {
        var output = x
        along(axis) { indices in
            let mean = indices.reduce(0) { $0 + x[$1] } / Double(indices.count)
            let variance = indices.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(indices.count - 1)
            for index in indices { output[index] = (x[index] - mean) / (variance.squareRoot() + epsilon) }
        }
        return output
    }
}
