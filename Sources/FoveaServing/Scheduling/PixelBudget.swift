/// How many pixels may be decoded at once, all pictures together: as many decoders as there are threads, each with a picture of the largest size
/// that is allowed, would else need memory without bound in the number of threads.
final class PixelBudget: Sendable {
    private let limit: Int
    private let used = Monitor(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Runs `body` once so many pixels fit; blocks its thread until then. One picture alone always fits.
    func with<Result, Failure: Error>(_ pixels: Int, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        used.wait { used -> Monitor<Int>.Step<Void> in
            guard used == 0 || used <= limit - pixels else { return .wait }
            used += pixels
            return .done(())
        }
        defer { used.withLockNotifyingAll { $0 -= pixels } }
        return try body()
    }
}
