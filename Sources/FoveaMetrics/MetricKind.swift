/// What a family's numbers do over time.
public enum MetricKind: String, Sendable {
    /// Goes up, and back to zero when the process starts again.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations up to each of some bounds.
    case histogram
}
