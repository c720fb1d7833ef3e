import ArgumentParser
import FoveaMetrics
import FoveaServing
import FoveaSystem
import Glibc
import Logging
import Metrics

/// `fovea serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the models of a folder over HTTP.",
        discussion: """
            Each option can also be set as FOVEA_<OPTION> (--max-batch is FOVEA_MAX_BATCH); the flag wins. FOVEA_MODELS lists folders, separated by colons. \
            SIGTERM and SIGINT drain, a second one exits at once; SIGHUP reads the model folders, the tokens and the TLS certificate again.
            """)

    @OptionGroup var options: ServeOptions

    /// Here, so that what is wrong is told beside this command's usage.
    func validate() throws { _ = try ServeSettings(options) }

    func run() async throws {
        var settings = try ServeSettings(options)
        let log = settings.startLogging()
        defer { log.flush(within: .seconds(1)) }
        let logger = Logger(label: "fovea")
        settings.fitConnections(to: DescriptorLimit.raise(), logger: logger)
        // Before the socket opens: a signal that comes during the start must drain too.
        let stream = SignalStream()
        let registry = PrometheusRegistry()
        let server = FoveaServer(options: settings.server, registry: registry, logger: logger)
        // What libraries record through swift-metrics is told by `/metrics` too; the server's own names are taken by now.
        MetricsSystem.bootstrap(PrometheusMetricsFactory(registry))
        registry.read("fovea_log_lines_lost_total", .counter, "Lines of the log that were not written.") { Double(log.lost) }
        let port: Int
        do {
            port = try server.start()
        } catch {
            throw Failure(description: "\(error)")
        }
        let scheme = settings.server.http.tls == nil ? "http" : "https"
        let host = settings.server.http.host
        let address = host.contains(":") ? "[\(host)]" : host
        do {
            try OutputFile.standardOutput.write("Fovea listens on \(scheme)://\(address):\(port)\n".utf8)
        } catch {
            // It serves all the same, and the log tells the port too.
            logger.warning("Standard output does not take the address.", metadata: ["error": "\(error)"])
        }
        logger.info("Started.", metadata: ["threads": "\(settings.server.service.threads)", "port": "\(port)"])

        var end = Instant.now
        for await signal in stream.signals {
            switch signal {
            case .reload: server.reload()
            case .stop:
                end = Instant.now.advanced(by: settings.server.drainDelay + settings.server.drainTimeout)
                Task {
                    await server.drain()
                    stream.finish()
                }
            }
        }
        // Workers may be in a pass still: of a model that is being read, or of a request that the drain's time-out cut. The C libraries' own ends, which a
        // return from here would run, take their tables away under them.
        let left = Instant.now.duration(to: end) / .milliseconds(1)
        log.flush(within: .milliseconds(Int(min(1_000, max(100, left)))))
        fflush(nil)
        _exit(0)
    }
}
