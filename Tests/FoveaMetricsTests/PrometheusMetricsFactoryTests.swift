import Metrics
import Testing

@testable import FoveaMetrics

@Suite struct PrometheusMetricsFactoryTests {
    private let registry = PrometheusRegistry()
    private let factory: PrometheusMetricsFactory

    init() {
        factory = PrometheusMetricsFactory(registry)
    }

    private var lines: [String] { registry.text().split(separator: "\n").map(String.init) }

    @Test func counters() {
        let counter = Counter(label: "jobs_total", dimensions: [("kind", "a")], factory: factory)
        counter.increment()
        counter.increment(by: 4)
        counter.increment(by: -3)
        // One series of one counter, whichever type counts.
        let amounts = FloatingPointCounter(label: "jobs_total", dimensions: [("kind", "a")], factory: factory)
        amounts.increment(by: 0.5)
        for amount in [-1, .nan, .infinity] { amounts.increment(by: amount) }
        #expect(lines == ["# TYPE jobs_total counter", #"jobs_total{kind="a"} 5.5"#])
        counter.reset()
        #expect(lines.last == #"jobs_total{kind="a"} 0"#)
    }

    @Test func gauges() {
        let meter = Meter(label: "depth", factory: factory)
        meter.set(3)
        meter.increment(by: 2.5)
        meter.decrement()
        #expect(lines == ["# TYPE depth gauge", "depth 4.5"])
        let gauge = Gauge(label: "depth", dimensions: [("queue", "b")], factory: factory)
        gauge.record(7)
        gauge.record(-0.5)
        #expect(lines == ["# TYPE depth gauge", "depth 4.5", #"depth{queue="b"} -0.5"#])
    }

    @Test func recordersThatAggregateAreCumulativeHistograms() {
        registry.describe("size", .histogram, "Sizes.", bounds: [1, 2])
        let recorder = Recorder(label: "size", dimensions: [("model", "m")], factory: factory)
        for value in [0.5, 1, 1.5, .nan] { recorder.record(value) }
        recorder.record(9)
        #expect(
            lines == [
                "# HELP size Sizes.", "# TYPE size histogram", #"size_bucket{model="m",le="1"} 2"#, #"size_bucket{model="m",le="2"} 3"#,
                #"size_bucket{model="m",le="+Inf"} 4"#, #"size_sum{model="m"} 12"#, #"size_count{model="m"} 4"#,
            ])
    }

    @Test func timersAreHistogramsInSeconds() {
        let timer = Timer(label: "wait_seconds", factory: factory)
        timer.record(duration: .milliseconds(3))
        timer.recordSeconds(20)
        let found = lines
        #expect(found.count == 1 + 15 + 2)
        #expect(found[1] == #"wait_seconds_bucket{le="0.0005"} 0"#)
        #expect(found.contains(#"wait_seconds_bucket{le="0.0025"} 0"#) && found.contains(#"wait_seconds_bucket{le="0.005"} 1"#))
        #expect(found.contains(#"wait_seconds_bucket{le="10"} 1"#))
        #expect(found.suffix(3) == [#"wait_seconds_bucket{le="+Inf"} 2"#, "wait_seconds_sum 20.003", "wait_seconds_count 2"])
    }

    @Test func aRecorderThatNobodyDescribedHasBoundsFarApart() {
        Recorder(label: "bytes", factory: factory).record(50)
        #expect(lines.contains(#"bytes_bucket{le="10"} 0"#) && lines.contains(#"bytes_bucket{le="100"} 1"#))
    }

    @Test func whatManyThreadsRecordAddsUp() async {
        registry.describe("size", .histogram, "Sizes.", bounds: [1, 2])
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask { [factory] in
                    // Each makes its own: they are the same series.
                    let counter = Counter(label: "n_total", factory: factory)
                    let amounts = FloatingPointCounter(label: "amount_total", factory: factory)
                    let meter = Meter(label: "level", factory: factory)
                    let recorder = Recorder(label: "size", factory: factory)
                    for step in 0..<5000 {
                        counter.increment()
                        amounts.increment(by: 0.25)
                        if task.isMultiple(of: 2) { meter.increment() } else { meter.decrement() }
                        recorder.record(step % 4)
                    }
                }
            }
        }
        let found = lines
        for line in [
            "n_total 40000", "amount_total 10000", "level 0", #"size_bucket{le="1"} 20000"#, #"size_bucket{le="2"} 30000"#,
            "size_count 40000",
            "size_sum 60000",
        ] { #expect(found.contains(line), "\(line)") }
    }

    @Test func whatIsDestroyedIsNotToldAnyMore() {
        registry.describe("a_total", .counter, "A.")
        let first = Counter(label: "a_total", dimensions: [("k", "1")], factory: factory)
        let second = Counter(label: "a_total", dimensions: [("k", "2")], factory: factory)
        let amounts = FloatingPointCounter(label: "b_total", factory: factory)
        let meter = Meter(label: "c", factory: factory)
        let gauge = Gauge(label: "d", factory: factory)
        let recorder = Recorder(label: "e", factory: factory)
        let timer = Timer(label: "f_seconds", factory: factory)
        first.destroy()
        amounts.destroy()
        meter.destroy()
        gauge.destroy()
        recorder.destroy()
        timer.destroy()
        #expect(lines == ["# HELP a_total A.", "# TYPE a_total counter", #"a_total{k="2"} 0"#])
        // A new one begins anew, and the old one's end is not the new one's.
        Counter(label: "a_total", dimensions: [("k", "1")], factory: factory).increment()
        first.increment(by: 10)
        first.destroy()
        #expect(lines.contains(#"a_total{k="1"} 1"#))
        second.destroy()
    }

    @Test func aNameOfTwoKindsIsToldAsTwoNames() {
        Counter(label: "jobs", factory: factory).increment()
        Gauge(label: "jobs", factory: factory).record(2)
        let timer = Timer(label: "jobs", factory: factory)
        timer.recordSeconds(1)
        #expect(lines.contains("jobs 1") && lines.contains("jobs_gauge 2") && lines.contains("jobs_histogram_count 1"))
        // The same again is the same series.
        Gauge(label: "jobs", factory: factory).record(3)
        #expect(lines.contains("jobs_gauge 3") && lines.count { $0.hasPrefix("# TYPE") } == 3)
        timer.destroy()
        #expect(!registry.text().contains("jobs_histogram"))
    }

    @Test func noTwoFamiliesHaveSamplesOfOneName() {
        Timer(label: "wait", factory: factory).recordSeconds(1)
        Gauge(label: "wait_sum", factory: factory).record(2)
        Counter(label: "size_bucket", factory: factory).increment()
        Recorder(label: "size", factory: factory).record(3)
        for line in ["wait_sum 1", "wait_sum_gauge 2", "size_bucket 1", "size_histogram_sum 3"] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func whatIsReadWhenItIsAskedFor() {
        registry.read("models", .gauge, "Models.") { [MetricSample(2, [("state", "ready")]), MetricSample(1, [("state", "refused")])] }
        registry.read("temperature", .gauge, "Of what has none.") { nil }
        // It is nobody else's name, for the same kind either.
        Gauge(label: "models", factory: factory).record(9)
        #expect(
            lines == [
                "# HELP models Models.", "# TYPE models gauge", #"models{state="ready"} 2"#, #"models{state="refused"} 1"#,
                "# TYPE models_gauge gauge", "models_gauge 9", "# HELP temperature Of what has none.", "# TYPE temperature gauge",
            ])
    }

    @Test func aDescriptionMayComeLater() {
        Timer(label: "wait_seconds", factory: factory).recordSeconds(1)
        registry.describe("wait_seconds", .histogram, "A wait.", bounds: [1])
        #expect(registry.describe("wait_seconds", .gauge, "Another.") == "wait_seconds_gauge")
        Timer(label: "wait_seconds", dimensions: [("k", "v")], factory: factory).recordSeconds(1)
        #expect(lines.first == "# HELP wait_seconds A wait.")
        #expect(lines.count { $0.hasPrefix("wait_seconds_bucket") } == 30, "one family, the same bounds")
    }

    @Test func whatIsNoNameBecomesOne() {
        Counter(label: "http.requests", dimensions: [("status code", "200"), ("le", "x\"\n")], factory: factory).increment()
        #expect(lines == ["# TYPE http_requests counter", #"http_requests{status_code="200",exported_le="x\"\n"} 1"#])
    }

    /// As the executable does it for the process: a library says no factory.
    @Test func whatALibraryRecordsIsTold() {
        withMetricsFactory(factory) {
            Counter(label: "library.calls", dimensions: [("name", "x")]).increment()
            Timer(label: "library.time").recordMilliseconds(2)
        }
        #expect(lines.contains(#"library_calls{name="x"} 1"#) && lines.contains("library_time_sum 0.002"))
    }

    @Test func ofTheProcess() {
        ProcessMetrics.register(in: registry)
        for name in [
            "cpu_seconds_total", "threads", "virtual_memory_bytes", "resident_memory_bytes", "open_fds", "max_fds", "start_time_seconds",
        ] {
            #expect(lines.contains { $0.hasPrefix("process_\(name) ") && !$0.hasSuffix(" 0") }, "\(name)")
        }
    }
}
