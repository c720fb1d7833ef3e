import FoundationEssentials
import FoveaCompute
import FoveaHTTP
import FoveaMetrics
import FoveaSystem
import FoveaZoo
import Logging

/// The whole server: models, workers, routes and the socket, from start to drain.
public final class FoveaServer: Sendable {
    /// What a server is started with.
    public struct Options: Sendable {
        /// The folders with model directories; of two models of one name the first folder's is served.
        public var folders: [URL]
        /// The model of requests that name none; the first by name where it is `nil`.
        public var defaultModel: String?
        /// Threads and queue.
        public var service: ClassificationService.Options
        /// Pictures with more pixels are refused.
        public var maxPixels = 100_000_000
        /// How weights are stored.
        public var precision = Precision.float32
        /// The file of the tokens that every request but for probes and the page needs; `nil` asks for none.
        public var tokenFile: String?
        /// The file of the tokens that the admin routes need; without it there are none.
        public var adminTokenFile: String?
        /// The socket.
        public var http = HTTPServerConfiguration()
        /// From the signal to stop until the listener closes.
        public var drainDelay: Duration = .zero
        /// From then until what is left is cut.
        public var drainTimeout: Duration = .seconds(30)

        /// The defaults over these folders and threads.
        public init(folders: [URL], threads: Int) {
            self.folders = folders
            service = ClassificationService.Options(threads: threads)
        }
    }

    /// What answers requests, for tests and for servers of other kinds.
    public let handler: any Handler
    /// The service behind the routes.
    public let service: ClassificationService
    private let options: Options
    private let loops: Int
    let access: AccessControl
    private let readiness = Readiness()
    private let http: HTTPServer
    private let loader = BlockingPool(threads: 1, name: "fovea-loader")
    /// Reads the files that ``reload()`` is about.
    private let reloading: CoalescingJob
    private let logger: Logger

    /// Puts the parts together; nothing is read or opened yet.
    /// - Parameter registry: what `/metrics` tells; no other server's.
    public convenience init(
        options: Options, registry: PrometheusRegistry = PrometheusRegistry(), logger: Logger = Logger(label: "fovea")
    ) {
        let store = ModelStore(
            folders: options.folders, defaultModel: options.defaultModel, maxPixels: options.maxPixels,
            precision: options.precision, threads: options.service.threads, logger: logger)
        self.init(options: options, store: store, registry: registry, logger: logger)
    }

    init(options: Options, store: ModelStore, registry: PrometheusRegistry = PrometheusRegistry(), logger: Logger) {
        self.options = options
        self.logger = logger
        service = ClassificationService(store: store, options: options.service, registry: registry, logger: logger)
        let journal = RequestJournal(logger: logger)
        var configuration = options.http
        configuration.logger = logger
        // A request costs a loop a tenth of what the smallest picture costs a worker. More loops would wake more often, each for less, and take the processor
        // from a worker amid a pass each time.
        loops = min(configuration.loops ?? (ProcessorBudget.current() + 1) / 2, HTTPServer.mostLoops)
        configuration.loops = loops
        // A wake amid a pass costs more than a refusal: what the worker had in its caches. A queue of sixteen keeps the workers busy for longer than this,
        // and who is refused hears of it within 5 ms still.
        if options.service.maxQueue >= 16 { configuration.overloadPause = .milliseconds(2) }
        configuration.problems.use(InferenceRoutes.error, below: InferenceRoutes.prefix)
        let access = AccessControl(userFile: options.tokenFile, adminFile: options.adminTokenFile, logger: logger)
        self.access = access
        var router = ServingRoutes(service: service, readiness: readiness, journal: journal)
            .router(problems: configuration.problems, logger: logger)
        if access.hasAdmins {
            let administration = ModelAdministration(store: store, loader: loader)
            AdminRoutes(administration: administration).add(to: &router)
            RepositoryRoutes(administration: administration).add(to: &router)
        }
        router.authorize = { access.refusal($0, $1) }
        handler = router
        configuration.observe = { [metrics = service.metrics, router] record in
            metrics.answered(record, route: record.path.flatMap { router.route(of: $0) }, model: journal.log(record))
        }
        http = HTTPServer(configuration: configuration, handler: handler)
        // The server's routes hold the registry.
        registry.read("fovea_connections", .gauge, "Open connections.") { [weak http] in Double(http?.connectionCount ?? 0) }
        registry.read("fovea_tls_handshake_failures_total", .counter, "TLS handshakes that failed.") { [weak http] in
            Double(http?.handshakeFailureCount ?? 0)
        }
        let models = CoalescingJob(on: loader) {
            do throws(ModelError) {
                try store.scan()
            } catch {
                logger.error("The models folders were not read again.", metadata: ["reason": "\(error.description)"])
            }
            store.load()
        }
        // Beside the loader, which may be busy with a model for long: a token that is taken back must not hold until then.
        reloading = CoalescingJob(on: BlockingPool(threads: 1, name: "fovea-reload")) { [http] in
            logger.info("Reading the tokens, the certificate and the models folders again.")
            access.reload()
            do throws(HTTPServerStartError) {
                try http.reloadTLS()
            } catch {
                logger.error("The TLS certificate was not read again; the one before still serves.", metadata: ["reason": "\(error)"])
            }
            models.request()
        }
    }

    /// Lists the models, opens the socket, and has the models loaded on a thread of their own: `/livez` answers at once.
    /// - Returns: the port.
    /// - Throws: `ModelError`, `TokenFile.Unusable`, `HTTPServerStartError`, or that the system has too few threads; each says what to do.
    public func start() throws -> Int {
        // The pools have theirs by now, or the system has no more. Of what follows each loop needs one, the log, signals and what libraries do in the
        // background a few, tasks one for each processor; and the helpers of passes, which are started when they are first needed.
        let helpers = TeamPool.mostHelpers(threads: options.service.threads)
        try ThreadShortage.check(loops + ProcessorBudget.current() + 4 + helpers)
        try access.read()
        Allocator.settle()
        try service.store.scan()
        let port = try http.start()
        loadInBackground()
        return port
    }

    /// Has the tokens, the TLS certificate and the model folders read again, in this order and on threads of their own; requests are served
    /// all the while.
    ///
    /// Waits for none of it: who listens for signals must hear the next one even where a file's disk does not answer. However often it is
    /// called meanwhile, all is read once more.
    public func reload() {
        reloading.request()
    }

    /// Stops: not ready at once, after the delay no new connections, then waits for what was accepted.
    /// - Returns: whether all was answered in time.
    @discardableResult
    public func drain() async -> Bool {
        readiness.beginDraining()
        logger.info("Draining.", metadata: ["connections": "\(http.connectionCount)"])
        http.beginDraining()
        if options.drainDelay > .zero { try? await Task.sleep(for: options.drainDelay) }
        let isComplete = await http.shutdown(timeout: options.drainTimeout)
        if isComplete {
            logger.info("Drained.")
        } else {
            logger.warning("The drain timeout passed; requests still under way were cut.")
        }
        return isComplete
    }

    private func loadInBackground() {
        Task { [loader, service, logger, folders = options.folders] in
            await loader.run { service.store.load() }
            let models = service.store.listing()
            if models.isEmpty {
                // Often the folder that was named is a model directory itself, or its models lack their configuration.
                let paths = folders.map(\.relativePath).joined(separator: ", ")
                logger.warning(
                    "There is no model: one is a directory in a models folder, with a config.json.",
                    metadata: ["folders": "\(paths)"])
            }
            logger.info(
                "Every model was loaded or refused.",
                metadata: [
                    "ready": "\(models.count { $0.state == .ready })", "refused": "\(models.count { $0.state == .refused })",
                ])
        }
    }
}
