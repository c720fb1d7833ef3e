import ArgumentParser
import FoundationEssentials
import FoveaHTTP
import FoveaServing
import Logging

/// The settled options of `fovea serve`.
struct ServeSettings {
    var server: FoveaServer.Options
    var logFormat: LogFormat
    var logLevel: Logger.Level

    /// Takes the flags first, then the environment, then the defaults.
    /// - Throws: `ValidationError` that names the option or variable and what it may be.
    init(_ options: ServeOptions, environment: Environment = Environment()) throws {
        server = Defaults.server
        server.folders = environment.folders(options.models)
        server.service.threads = try environment.threads(options.threads)
        server.defaultModel = environment.text(options.defaultModel, "default-model")
        let megapixels = Double(server.maxPixels) / 1e6
        server.maxPixels = Int(
            1e6 * (try environment.decimal(options.maxMegapixels, "max-megapixels", default: megapixels, in: 0.001...10_000)))
        server.precision = try environment.precision(options.precision)
        server.tokenFile = environment.text(options.tokenFile, "token-file")
        server.adminTokenFile = environment.text(options.adminTokenFile, "admin-token-file")
        server.drainDelay = try environment.seconds(options.drainDelayS, "drain-delay-s", default: server.drainDelay)
        server.drainTimeout = try environment.seconds(options.drainTimeoutS, "drain-timeout-s", default: server.drainTimeout)

        let service = server.service
        server.service.maxBatch = try environment.integer(options.maxBatch, "max-batch", default: service.maxBatch, in: 1...1024)
        server.service.maxQueue = try environment.integer(options.maxQueue, "max-queue", default: service.maxQueue, in: 1...1_000_000)
        server.service.batchWindow = .milliseconds(
            try environment.decimal(
                options.batchWindowMs, "batch-window-ms", default: service.batchWindow / .milliseconds(1), in: 0...60_000))
        server.service.deadline = .milliseconds(
            try environment.decimal(
                options.deadlineMs, "deadline-ms", default: (service.deadline ?? .zero) / .milliseconds(1), in: 1...86_400_000))
        if let deadline = server.service.deadline, server.service.batchWindow >= deadline {
            throw ValidationError(
                """
                --batch-window-ms (\(Defaults.milliseconds(server.service.batchWindow))) must be less than --deadline-ms \
                (\(Defaults.milliseconds(deadline))): a picture that no other joins would wait past its deadline.
                """)
        }
        server.service.stuckAfter = try environment.seconds(
            options.stuckAfterS, "stuck-after-s", default: service.stuckAfter, in: 0.1...86_400)

        let (memory, http) = (MemoryBudget.current(), server.http)
        server.service.maxMapBytes = MemoryBudget.eighth(32...service.maxMapBytes >> 20, of: memory) << 20
        server.service.maxDrawingBytes = MemoryBudget.eighth(32...service.maxDrawingBytes >> 20, of: memory) << 20
        server.http.host = environment.text(options.host, "host") ?? http.host
        server.http.port = try environment.integer(options.port, "port", default: http.port, in: 0...65_535)
        server.http.maxConnections = try environment.integer(
            options.maxConnections, "max-connections", default: http.maxConnections, in: 1...1_000_000)
        server.http.limits.body =
            try environment.integer(options.maxBodyMb, "max-body-mb", default: http.limits.body >> 20, in: 1...4096) << 20
        // One body of the largest size must fit, with the framing that a chunked one has.
        let largest = server.http.limits.body >> 20
        let bodies = max(MemoryBudget.eighth(64...http.maxBodyBytes >> 20, of: memory), largest + (largest + 15) / 16)
        server.http.maxBodyBytes =
            try environment.integer(options.maxBodyTotalMb, "max-body-total-mb", default: bodies, in: 1...1_048_576) << 20
        guard server.http.maxBodyBytes >= server.http.limits.body else {
            throw ValidationError(
                "--max-body-total-mb (\(server.http.maxBodyBytes >> 20)) must be at least --max-body-mb (\(largest)): a body of that size would never be taken."
            )
        }
        server.http.maxAnswerBytes =
            try environment.integer(
                options.maxAnswerTotalMb, "max-answer-total-mb", default: MemoryBudget.eighth(32...http.maxAnswerBytes >> 20, of: memory),
                in: 1...1_048_576) << 20
        // 0 would mean "at once" here, which no client can meet, and not "never".
        server.http.limits.headerTimeout = try environment.seconds(
            options.headerTimeoutS, "header-timeout-s", default: http.limits.headerTimeout, in: 0.1...86_400)
        server.http.limits.idleTimeout = try environment.seconds(
            options.idleTimeoutS, "idle-timeout-s", default: http.limits.idleTimeout, in: 0.1...86_400)
        server.http.tls = try Self.tls(options, environment)

        logFormat = try environment.choice(options.logFormat, "log-format", default: Defaults.logFormat)
        logLevel = try environment.choice(options.logLevel, "log-level", default: Defaults.logLevel)
    }

    /// Lowers the limit of connections to what the process has descriptors for, less some for models, logs and metrics.
    mutating func fitConnections(to descriptors: Int, logger: Logger) {
        let most = descriptors - min(64, descriptors / 4)
        guard server.http.maxConnections > most else { return }
        logger.warning(
            "The process may not open as many files as --max-connections asks for; raise the limit (ulimit -Hn, LimitNOFILE=).",
            metadata: ["max-connections": "\(server.http.maxConnections)", "connections": "\(most)"])
        server.http.maxConnections = most
    }

    /// Sends the process's log to standard error; may be called once.
    func startLogging() -> LogQueue {
        let (queue, level) = (LogQueue(format: logFormat), logLevel)
        LoggingSystem.bootstrap { label in
            var handler = queue.handler(label: label)
            handler.logLevel = level
            return handler
        }
        return queue
    }

    private static func tls(_ options: ServeOptions, _ environment: Environment) throws -> TLSConfiguration? {
        let certificate = environment.text(options.tlsCertificate, "tls-certificate")
        let key = environment.text(options.tlsKey, "tls-key")
        let clientCA = environment.text(options.tlsClientCa, "tls-client-ca")
        switch (certificate, key) {
        case (let certificate?, let key?): return TLSConfiguration(certificate: certificate, key: key, clientCA: clientCA)
        case (nil, nil) where clientCA == nil: return nil
        default: throw ValidationError("TLS needs both --tls-certificate and --tls-key.")
        }
    }
}
