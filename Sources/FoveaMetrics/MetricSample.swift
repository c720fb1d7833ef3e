/// One number of a family that is read when it is asked for.
public struct MetricSample: Sendable {
    let value: Double
    let labels: [(String, String)]

    /// - Parameter labels: names and values; no two samples of a family have the same ones.
    public init(_ value: Double, _ labels: [(String, String)] = []) {
        (self.value, self.labels) = (value, labels)
    }
}
