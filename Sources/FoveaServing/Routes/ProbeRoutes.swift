import FoveaHTTP
import HTTPTypes

/// Whether the server is well and wants requests, in the words of each protocol. Answered on the connections' loops: an orchestrator restarts a server
/// whose probes are late, and would do so for a few long requests that keep the tasks busy.
struct ProbeRoutes: Sendable {
    let service: ClassificationService
    let readiness: Readiness

    func add(to router: inout Router) {
        for (path, text) in [("/livez", #"{"status":"live"}"#), ("/v2/health/live", #"{"live":true}"#)] {
            router.onLoop(.get, path, access: .open) { _ throws(Problem) in
                try checkLiveness()
                return ServerResponse(json: Array(text.utf8))
            }
        }
        for (path, text) in [
            ("/readyz", #"{"status":"ready"}"#), ("/v2/health/ready", #"{"ready":true}"#), ("/ping", #"{"status":"Healthy"}"#),
        ] {
            router.onLoop(.get, path, access: .open) { _ throws(Problem) in
                try checkReadiness()
                return ServerResponse(json: Array(text.utf8))
            }
        }
    }

    /// Liveness watches the workers, never the queue: a server that is only busy must not be restarted.
    private func checkLiveness() throws(Problem) {
        let limit = service.options.stuckAfter
        let stuck = service.workers.stuckWorkers(after: limit)
        guard stuck.isEmpty else {
            let list = stuck.map { "worker \($0.index) (\($0.architecture))" }.joined(separator: ", ")
            throw Problem(.serviceUnavailable, "In one pass for more than \(limit): \(list). Restart the server.")
        }
    }

    private func checkReadiness() throws(Problem) {
        if readiness.isDraining { throw Problem(.serviceUnavailable, "The server drains and will stop; send requests elsewhere.") }
        guard service.store.isComplete else {
            let loading = service.store.listing().filter { $0.state == .loading }.map(\.name)
            throw Problem(
                .serviceUnavailable, "Models are being loaded: \(loading.joined(separator: ", ")).", fields: [.retryAfter: "1"])
        }
    }
}
