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
        var folders = options.models
        if folders.isEmpty, let list = environment.text(nil, "models") { folders = list.split(separator: ":").map(String.init) }
        if folders.isEmpty { folders = ["weights"] }

        let threads = try environment.integer(options.threads, "threads", default: min(1024, ProcessorBudget.current()), in: 1...1024)
        server = FoveaServer.Options(folders: folders.map { URL(filePath: $0) }, threads: threads)
        server.defaultModel = environment.text(options.defaultModel, "default-model")
        server.maxPixels = Int(1e6 * (try environment.decimal(options.maxMegapixels, "max-megapixels", default: 100, in: 0.001...10_000)))
        server.precision = try environment.choice(options.precision, "precision", default: .float32)
        server.tokenFile = environment.text(options.tokenFile, "token-file")
        server.adminTokenFile = environment.text(options.adminTokenFile, "admin-token-file")
        server.drainDelay = try Self.seconds(options.drainDelayS, "drain-delay-s", default: 0, environment)
        server.drainTimeout = try Self.seconds(options.drainTimeoutS, "drain-timeout-s", default: 30, environment)

        server.service.maxBatch = try environment.integer(options.maxBatch, "max-batch", default: 8, in: 1...1024)
        server.service.maxQueue = try environment.integer(options.maxQueue, "max-queue", default: 256, in: 1...1_000_000)
        server.service.batchWindow = .milliseconds(
            try environment.decimal(options.batchWindowMs, "batch-window-ms", default: 0, in: 0...60_000))
        server.service.deadline = .milliseconds(
            try environment.decimal(options.deadlineMs, "deadline-ms", default: 30_000, in: 1...86_400_000))

        let memory = MemoryBudget.current()
        server.service.maxDrawingBytes = MemoryBudget.eighth(32...256, of: memory) << 20
        server.service.stuckAfter = .seconds(
            try environment.decimal(options.stuckAfterS, "stuck-after-s", default: 120, in: 0.1...86_400))

        server.http.host = environment.text(options.host, "host") ?? "127.0.0.1"
        server.http.port = try environment.integer(options.port, "port", default: 8080, in: 0...65_535)
        server.http.maxConnections = try environment.integer(
            options.maxConnections, "max-connections", default: 10_000, in: 1...1_000_000)
        server.http.limits.body = try environment.integer(options.maxBodyMb, "max-body-mb", default: 64, in: 1...4096) << 20
        server.http.maxBodyBytes =
            try environment.integer(
                options.maxBodyTotalMb, "max-body-total-mb", default: MemoryBudget.eighth(64...1024, of: memory), in: 1...1_048_576) << 20
        server.http.maxAnswerBytes =
            try environment.integer(
                options.maxAnswerTotalMb, "max-answer-total-mb", default: MemoryBudget.eighth(32...512, of: memory),
                in: 1...1_048_576) << 20
        // 0 would mean "at once" here, which no client can meet, and not "never".
        server.http.limits.headerTimeout = .seconds(
            try environment.decimal(options.headerTimeoutS, "header-timeout-s", default: 10, in: 0.1...86_400))
        server.http.limits.idleTimeout = .seconds(
            try environment.decimal(options.idleTimeoutS, "idle-timeout-s", default: 75, in: 0.1...86_400))
        server.http.tls = try Self.tls(options, environment)

        logFormat = try environment.choice(options.logFormat, "log-format", default: .text)
        logLevel = try environment.choice(options.logLevel, "log-level", default: .info)
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

    private static func seconds(_ flag: Double?, _ option: String, default fallback: Double, _ environment: Environment) throws -> Duration
    {
        .seconds(try environment.decimal(flag, option, default: fallback, in: 0...86_400))
    }
}
