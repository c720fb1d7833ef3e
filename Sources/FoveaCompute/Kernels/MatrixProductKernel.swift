/// A batch of products of two matrices that the pass itself computed.
///
/// Cut by the sizes alone: along the longer side of the product.
public struct MatrixProductKernel: Sendable {
    package let geometry: MatrixProductGeometry

    package init(_ geometry: MatrixProductGeometry) {
        self.geometry = geometry
    }

    /// Rows and columns of one block.
    private var block: (rows: Int, columns: Int) {
        let (m, n) = (geometry.m, geometry.n)
        if geometry.batch >= 4 { return (m, n) }
        return n >= m ? (m, min(n, max(64, ((n + 3) / 4).roundedUp(to: 16)))) : (m.rowsPerBlock, n)
    }

    /// - Parameter a: [batch, m, k]
    /// - Parameter b: [batch, k, n], or [batch, n, k] where it is transposed
    /// - Parameter y: [batch, m, n]
    public func run(
        _ lane: Lane, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ memory: Memory,
        then operations: [PostOperation]
    ) {
        let (m, k, n) = (geometry.m, geometry.k, geometry.n)
        let block = block
        let (down, across) = ((m + block.rows - 1) / block.rows, (n + block.columns - 1) / block.columns)
        lane.forEachRange(of: geometry.batch * down * across, by: max(1, (1 << 16) / max(1, block.rows * block.columns * k))) { items, _ in
            for item in items {
                let (batch, place) = item.quotientAndRemainder(dividingBy: down * across)
                let (row, column) = (place / across * block.rows, place % across * block.columns)
                let (rows, columns) = (min(block.rows, m - row), min(block.columns, n - column))
                let second = b + batch * k * n + (geometry.transposesSecond ? column * k : column)
                BLAS.multiply(
                    m: rows, n: columns, k: k, a + (batch * m + row) * k, lda: k, second, ldb: geometry.transposesSecond ? k : n,
                    transposed: geometry.transposesSecond, y + (batch * m + row) * n + column, ldc: n)
                for line in row..<row + rows {
                    let start = (batch * m + line) * n + column
                    operations.apply(to: y, start..<start + columns, memory)
                }
            }
        }
    }
}
