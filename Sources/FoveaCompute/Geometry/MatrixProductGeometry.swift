/// The sizes of a batch of matrix products: [batch, m, k] times [batch, k, n], or times the transpose of [batch, n, k].
public struct MatrixProductGeometry: Sendable, Hashable {
    package let batch: Int
    package let m: Int
    package let k: Int
    package let n: Int
    /// Whether the second factor's rows are the product's columns.
    public let transposesSecond: Bool

    package init(batch: Int = 1, m: Int, k: Int, n: Int, transposesSecond: Bool = false) {
        self.batch = batch
        self.m = m
        self.k = k
        self.n = n
        self.transposesSecond = transposesSecond
    }

    /// - Returns: `nil` where the two do not fit: ranks of 2 or more, equal axes before the last two, and a common inner extent.
    public init?(_ first: Shape, _ second: Shape, transposesSecond: Bool) {
        let rank = first.count
        guard rank >= 2, second.count == rank, first.dropLast(2) == second.dropLast(2) else { return nil }
        let (inner, columns) = transposesSecond ? (second[rank - 1], second[rank - 2]) : (second[rank - 2], second[rank - 1])
        guard first[rank - 1] == inner else { return nil }
        self.init(batch: first.extent(of: 0..<rank - 2), m: first[rank - 2], k: inner, n: columns, transposesSecond: transposesSecond)
    }

    /// Products in all.
    public var multiplyAdds: Int { batch * m * k * n }
}
