import ArgumentParser

/// The options of `fovea serve`, as given; ``ServeSettings`` settles them.
struct ServeOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A folder with model directories; repeatable. (default: \(Defaults.folder))", valueName: "dir"))
    var models: [String] = []

    @Option(help: "The address to listen on. (default: \(Defaults.http.host))")
    var host: String?

    @Option(help: "The TCP port; 0 picks one and prints it. (default: \(Defaults.http.port))")
    var port: Int?

    @Option(help: "The model for requests that name none. (default: the first by name)")
    var defaultModel: String?

    @Option(help: "Threads for the passes of all models together. (default: what the affinity mask and the control group allow)")
    var threads: Int?

    @Option(help: "Maximum number of pictures per pass. (default: \(Defaults.service.maxBatch))")
    var maxBatch: Int?

    @Option(
        help: """
            How long a picture may wait for others to share its pass; 0 never waits. \
            (default: \(Defaults.milliseconds(Defaults.service.batchWindow)))
            """)
    var batchWindowMs: Double?

    @Option(help: "Maximum number of waiting pictures per model; more are answered 429. (default: \(Defaults.service.maxQueue))")
    var maxQueue: Int?

    @Option(help: "How long a request may wait before it is answered 504. (default: \(Defaults.milliseconds(Defaults.service.deadline)))")
    var deadlineMs: Double?

    @Option(
        help: """
            How long one pass may take before /livez reports a stuck worker (503). \
            (default: \(Defaults.seconds(Defaults.service.stuckAfter)))
            """)
    var stuckAfterS: Double?

    @Option(help: "The largest request body, in MiB. (default: \(Defaults.http.limits.body >> 20))")
    var maxBodyMb: Int?

    @Option(
        help: """
            All request bodies in memory together; more are answered 429. \
            (default: an eighth of the memory, \(Defaults.http.maxBodyBytes >> 20) at most)
            """)
    var maxBodyTotalMb: Int?

    @Option(
        help: """
            All unsent long answers in memory together; more are answered 429. \
            (default: an eighth of the memory, \(Defaults.http.maxAnswerBytes >> 20) at most)
            """)
    var maxAnswerTotalMb: Int?

    @Option(help: "The largest picture, in megapixels. (default: \(Defaults.server.maxPixels / 1_000_000))")
    var maxMegapixels: Double?

    @Option(
        help: """
            How weights are stored: f32, i16 or bf16; the last two halve the bytes that a pass reads. \
            (default: \(Defaults.server.precision.rawValue))
            """)
    var precision: String?

    @Option(help: "Maximum number of connections. (default: \(Defaults.http.maxConnections))")
    var maxConnections: Int?

    @Option(help: "How long a request's headers may take; 0.1 at least. (default: \(Defaults.seconds(Defaults.http.limits.headerTimeout)))")
    var headerTimeoutS: Double?

    @Option(help: "How long a connection may stay idle; 0.1 at least. (default: \(Defaults.seconds(Defaults.http.limits.idleTimeout)))")
    var idleTimeoutS: Double?

    @Option(
        help: """
            How long requests are still served after SIGTERM, before the listener closes. \
            (default: \(Defaults.seconds(Defaults.server.drainDelay)))
            """)
    var drainDelayS: Double?

    @Option(help: "How long accepted requests may take after that. (default: \(Defaults.seconds(Defaults.server.drainTimeout)))")
    var drainTimeoutS: Double?

    @Option(help: "A PEM file with the server's certificate and its chain; enables TLS.")
    var tlsCertificate: String?

    @Option(help: "A PEM file with the certificate's private key.")
    var tlsKey: String?

    @Option(help: "A PEM file with the CA certificates for clients; a client without a certificate from them is refused.")
    var tlsClientCa: String?

    @Option(help: "A file of bearer tokens, one per line; every request except for probes and the page needs one.")
    var tokenFile: String?

    @Option(help: "A file of admins' bearer tokens; without it there are no routes to load and unload models.")
    var adminTokenFile: String?

    @Option(help: "The format of the log on standard error: text or json. (default: \(Defaults.logFormat.rawValue))")
    var logFormat: String?

    @Option(
        help:
            "The lowest level that is logged: trace, debug, info, notice, warning, error or critical. (default: \(Defaults.logLevel.rawValue))"
    )
    var logLevel: String?
}
