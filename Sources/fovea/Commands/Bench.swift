import ArgumentParser
import FoveaCompute
import FoveaGraph
import FoveaServing

/// `fovea bench`.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times a model's passes alone, without server or pictures.",
        discussion:
            "Prints for each batch size and number of threads the minimum, median and 99th percentile of a pass in ms, and images per second; then the memory that the model holds."
    )

    @Argument(help: "A name under --models, or the path of a model directory.")
    var model: String

    @Option(help: ArgumentHelp("Batch sizes, separated by commas.", valueName: "n,…"))
    var batch = "1,8"

    @Option(help: ArgumentHelp("Numbers of threads, separated by commas. (default: 1, and all that may be used)", valueName: "n,…"))
    var threads: String?

    @Option(help: "How long to run each combination.")
    var seconds = 3.0

    @Flag(help: "Print how long each step of a pass takes under each row: the median of further passes.")
    var steps = false

    @Flag(help: "Print a JSON array with one object per row.")
    var json = false

    @OptionGroup var options: StoreOptions

    func validate() throws {
        _ = try Self.numbers(batch, "--batch")
        if let threads { _ = try Self.numbers(threads, "--threads") }
        guard seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds is \(seconds); expected a number above 0, 3600 at most.")
        }
    }

    func run() throws {
        let all = min(1024, ProcessorBudget.current())
        let threadCounts = try threads.map { try Self.numbers($0, "--threads") } ?? (all > 1 ? [1, all] : [1])
        let precision = try options.weightPrecision()
        let (store, name) = try options.load(model, threads: threadCounts.max() ?? 1)
        let benchmark = try EngineBenchmark(store: store, model: name)

        var rows: [(row: EngineBenchmark.Row, steps: [StepTime]?)] = []
        var table = TextTable(["BATCH", "THREADS", "PASSES", "MIN MS", "MEDIAN MS", "P99 MS", "IMAGES/S"])
        for threads in threadCounts {
            for batch in try Self.numbers(batch, "--batch") {
                let row = try benchmark.measure(batch: batch, threads: threads, for: .seconds(seconds))
                let profile = steps ? try benchmark.stepTimes(batch: batch, threads: threads, for: .seconds(seconds)) : nil
                rows.append((row, profile))
                table.add(
                    ["\(row.batch)", "\(row.threads)", "\(row.passes)"]
                        + [row.minimum, row.median, row.percentile99, row.imagesPerSecond].map { $0.fixed(2) })
            }
        }
        let (weights, picture, thread) = benchmark.memory
        let held = "\nWeights \(Self.megabytes(weights)), each picture \(Self.megabytes(picture)), each thread \(Self.megabytes(thread)).\n"
        let profiles = rows.compactMap { row in row.steps.map { Self.profile(row.row, $0) } }.joined()
        try Output.write(json ? Self.json(rows, precision) : Array((table.text() + held + profiles).utf8))
    }

    private static func megabytes(_ bytes: Int) -> String { (Double(bytes) / 1e6).fixed(2) + " MB" }

    /// The steps of a pass in their order.
    private static func profile(_ row: EngineBenchmark.Row, _ steps: [StepTime]) -> String {
        let all = steps.reduce(0) { $0 + $1.milliseconds }
        var table = TextTable(["LAYER", "KERNEL", "OUTPUT", "WEIGHTS MB", "MS", "%"])
        for step in steps {
            table.add([
                step.layer ?? "", step.kernel, step.area == 0 ? "" : "\(step.channels)×\(step.area)",
                (Double(step.weightBytes) / 1e6).fixed(2), step.milliseconds.fixed(3), (100 * step.milliseconds / all).fixed(1),
            ])
        }
        return "\nBatch \(row.batch), threads \(row.threads)\n\n\(table.text())"
    }

    private static func json(_ rows: [(row: EngineBenchmark.Row, steps: [StepTime]?)], _ precision: Precision) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for (row, steps) in rows {
                writer.object { writer in
                    for (key, value) in [("batch", row.batch), ("threads", row.threads)] {
                        writer.member(key, value)
                    }
                    writer.member("precision", precision.rawValue)
                    writer.member("passes", row.passes)
                    let figures = [
                        ("min_ms", row.minimum), ("median_ms", row.median), ("p99_ms", row.percentile99),
                        ("images_per_second", row.imagesPerSecond),
                    ]
                    for (key, value) in figures {
                        writer.member(key, (1000 * value).rounded() / 1000)
                    }
                    guard let steps else { return }
                    writer.key("steps")
                    writer.array { writer in
                        for step in steps { step.write(to: &writer) }
                    }
                }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func numbers(_ text: String, _ option: String) throws -> [Int] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.allSatisfy({ (1...1024).contains($0 ?? 0) }) else {
            throw ValidationError("\(option) is '\(text)'; expected whole numbers from 1 to 1024, separated by commas.")
        }
        return numbers.compactMap { $0 }
    }
}

extension StepTime {
    fileprivate var milliseconds: Double { time / .milliseconds(1) }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let layer { writer.member("layer", layer) }
            writer.member("kernel", kernel)
            for (key, value) in [("channels", channels), ("area", area), ("weight_bytes", weightBytes)] {
                writer.member(key, value)
            }
            writer.member("ms", (1e4 * milliseconds).rounded() / 1e4)
        }
    }
}
