/// How many bytes decoding may hold, all pictures together: as many decoders as there are threads, each with a picture of the largest size that is
/// allowed, would else need memory without bound in the number of threads.
final class DecodingBudget: Sendable {
    private struct State {
        var used = 0
        /// Pictures that asked for room, and those of them that got it.
        var asked = 0
        var admitted = 0
    }

    /// In bytes; what needs more never fits.
    let limit: Int
    private let state = Monitor(State())

    /// How many pictures have asked for room so far, for tests.
    var asked: Int { state.withLock { $0.asked } }

    init(limit: Int) {
        self.limit = limit
    }

    /// Room for two pictures of the largest size, or for one while it is turned upright; at most a quarter of the memory, or 64 MiB.
    convenience init(maxPixels: Int, memory: Int = MemoryBudget.current()) {
        self.init(limit: min(2 * 3 * maxPixels, max(memory / 4, 64 << 20)))
    }

    /// Runs `body` once so many bytes, `limit` at most, fit; blocks its thread until then. Nothing waits for no bytes.
    func with<Result, Failure: Error>(_ bytes: Int, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard bytes > 0 else { return try body() }
        let place = state.withLock { state in
            defer { state.asked += 1 }
            return state.asked
        }
        state.wait { state -> Monitor<State>.Step<Void> in
            // In the order in which they asked: a large one would else wait for as long as small ones come.
            guard state.admitted == place, state.used <= limit - bytes else { return .wait }
            state.used += bytes
            return .done(())
        }
        // Who is next may fit as well.
        state.withLockNotifyingAll { $0.admitted += 1 }
        defer { state.withLockNotifyingAll { $0.used -= bytes } }
        return try body()
    }
}
