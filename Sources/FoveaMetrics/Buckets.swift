/// The bounds of histograms that nobody described.
enum Buckets {
    /// Of timers: from half a millisecond to ten seconds.
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Of recorders, which may record anything: powers of ten from a thousandth to a million.
    static let magnitudes = [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
}
