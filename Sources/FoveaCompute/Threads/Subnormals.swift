import CFoveaProcessor

/// Numbers below 1.2e-38, of which trained networks may have many, where weight decay drove filters towards zero.
public enum Subnormals {
    /// Runs `body` with this thread's subnormal numbers taken for zeros, as helpers take theirs: they could not change a logit, but a pass would take a
    /// hundred times as long.
    public static func flushed<Result>(_ body: () -> Result) -> Result {
        let control = fovea_flush_subnormals()
        defer { fovea_set_float_control(control) }
        return body()
    }
}
