import FoveaGraph
import FoveaSystem

/// Times a model's passes with nothing around them: no socket, no decoding, no queue.
public struct EngineBenchmark: Sendable {
    /// What was measured for one batch size and number of threads.
    public struct Row: Sendable {
        /// Pictures of a pass.
        public var batch: Int
        /// Threads that a pass may use.
        public var threads: Int
        /// Passes that were timed.
        public var passes: Int
        /// Of one pass, in milliseconds.
        public var minimum, median, percentile99: Double
        /// Pictures over the whole time.
        public var imagesPerSecond: Double
    }

    private let network: any PictureNetwork

    /// - Throws: when `store` has no such model, or does not serve it.
    public init(store: ModelStore, model: String?) throws(ClassificationError) {
        network = try store.served(model, version: nil).network
    }

    /// Bytes of the model's weights, and of what a pass takes for each of its pictures and for each thread.
    public var memory: (weights: Int, picture: Int, thread: Int) {
        let pass = network.passBytes
        return (network.weightBytes, pass.picture, pass.thread)
    }

    /// Runs passes over pictures of noise for so long, after one that is not counted. No map is handed out.
    public func measure(batch: Int, threads: Int, for duration: Duration) throws -> Row {
        let inputs = noise(batch)
        _ = try network.run(inputs, threads: threads)
        var times: [Double] = []
        let start = Instant.now
        repeat {
            let before = Instant.now
            _ = try network.run(inputs, threads: threads)
            times.append(before.duration(to: .now) / .milliseconds(1))
        } while start.duration(to: .now) < duration
        let seconds = start.duration(to: .now) / .seconds(1)
        times.sort()
        return Row(
            batch: batch, threads: threads, passes: times.count, minimum: times[0], median: times[times.count / 2],
            percentile99: times[min(times.count - 1, times.count * 99 / 100)], imagesPerSecond: Double(batch * times.count) / seconds)
    }

    /// Runs passes as `measure` does, and tells for each step of the plan the median of its time.
    public func stepTimes(batch: Int, threads: Int, for duration: Duration) throws -> [StepTime] {
        let inputs = noise(batch)
        _ = try network.run(inputs, threads: threads)
        var passes: [[StepTime]] = []
        let start = Instant.now
        repeat { passes.append(try network.stepTimes(of: inputs, threads: threads)) } while start.duration(to: .now) < duration
        return passes[0].indices.map { step in
            passes.map { $0[step] }.sorted { $0.time < $1.time }[passes.count / 2]
        }
    }

    /// Any numbers do, as long as they are not the same everywhere; a fixed seed, so that two runs do the same work.
    private func noise(_ batch: Int) -> [SessionInput] {
        let count = network.description.inputSize.reduce(1, *)
        var generator = SplitMix64(seed: 1)
        return (0..<batch).map { _ in
            SessionInput(values: (0..<count).map { _ in Float.random(in: -1...1, using: &generator) })
        }
    }
}
