import FoveaHTTP
import FoveaJSON
import HTTPTypes

/// The Open Inference Protocol's REST API, version 2, below `/v2`.
struct InferenceRoutes: Sendable {
    let service: ClassificationService
    let journal: RequestJournal

    /// The paths that the protocol's form of errors belongs to.
    static let prefix = "/v2"

    /// `{"error": "…"}`.
    static func error(_ problem: Problem, requestID: String) -> ServerResponse {
        var writer = JSONWriter(reservingCapacity: 32 + problem.detail.utf8.count)
        writer.object { writer in
            writer.member("error", problem.detail)
        }
        return ServerResponse(status: problem.status, json: writer.bytes, fields: problem.fields)
    }

    func add(to router: inout Router) {
        for path in ["/v2", "/v2/"] {
            router.on(.get, path) { _ in ServerResponse(json: InferenceMetadata.server()) }
        }
        for path in ["/v2/models/{name}", "/v2/models/{name}/versions/{version}"] {
            router.on(.get, path) { request in try metadata(request) }
            router.on(.get, "\(path)/ready") { request in try modelReady(request) }
            router.on(.post, "\(path)/infer", body: .required, refuse: overload) { request in try await infer(request) }
        }
        router.on(.post, "/v2/repository/index") { request in try index(request) }
    }

    // MARK: -

    private func served(_ request: ServerRequest) throws(Problem) -> ServedModel {
        try asProblem { () throws(ClassificationError) in
            try service.store.served(request.parameters["name"] ?? "", version: request.parameters["version"])
        }
    }

    private func metadata(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        let served = try served(request)
        let versions = service.store.listing().filter { $0.name == served.name && $0.state == .ready }.map(\.version)
        return ServerResponse(json: InferenceMetadata.model(served.network.description, name: served.name, versions: versions))
    }

    private func modelReady(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        ServerResponse(json: InferenceMetadata.ready(try served(request).name))
    }

    private func index(_ request: ServerRequest) throws(Problem) -> ServerResponse {
        var isReadyOnly = false
        if !request.body.isEmpty {
            try asProblem { () throws(ClassificationError) in
                isReadyOnly = try asBadRequest { () throws(JSONFault) in try Self.readyOnly(request.body) }
            }
        }
        return ServerResponse(json: InferenceMetadata.index(service.store.listing().filter { !isReadyOnly || $0.state == .ready }))
    }

    /// Whether the body of a request for the index asks for ready models alone.
    private static func readyOnly(_ body: [UInt8]) throws(JSONFault) -> Bool {
        var isReadyOnly = false
        var scanner = JSONScanner(body)
        try scanner.object("the request") { scanner, key throws(JSONFault) in
            if try scanner.null() { return }
            if key == "ready" { isReadyOnly = try scanner.bool("'ready'") } else { try scanner.skip() }
        }
        try scanner.finish()
        return isReadyOnly
    }

    /// A full queue is told before the pictures are read.
    private func overload(_ request: ServerRequest) -> Problem? {
        journal.overload(of: request, by: service, model: request.parameters["name"], version: request.parameters["version"])
    }

    private func infer(_ request: ServerRequest) async throws(Problem) -> ServerResponse {
        let served = try served(request)
        do throws(ClassificationError) {
            let description = served.network.description
            let isLong = request.body.count > ClassificationService.longBody
            let (inference, inputs) = try await service.compute(isLong: isLong, for: request.client, orThrow: ClassificationError.abandoned)
            { () throws(ClassificationError) in
                let inference = try InferenceRequest(request)
                return (inference, try InferenceInputs.read(inference.inputs, for: InferenceTensors(description)))
            }
            let outputs = try InferenceOutputs(inference, pictures: inputs.count, description: description)
            try service.hold(bytes: inputs.count * outputs.bytes, of: served, for: request.client)
            let results = try await service.passes(
                over: inputs, through: served, contents: outputs.contents, received: request.timings.lastByte, client: request.client
            ) { $0 }
            var passes: [PicturePass] = []
            for (index, result) in results.enumerated() {
                do throws(ClassificationError) {
                    let pass = try result.get()
                    passes.append(pass)
                    if index == 0 { journal.note(served, pass, pictures: inputs.count, of: request) }
                } catch {
                    journal.note(failed: served, pictures: inputs.count, of: request)
                    throw inputs.count == 1 ? error : error.of(picture: index)
                }
            }
            let isLongAnswer = inputs.count * outputs.numbers > ClassificationService.longAnswer
            return try await service.compute(isLong: isLongAnswer, for: request.client, orThrow: ClassificationError.abandoned) {
                [passes] () throws(ClassificationError) in
                service.metrics.encoding(model: served.name) {
                    InferenceResponse(
                        model: served.name, version: served.version, id: inference.id, outputs: outputs.tensors(passes.map(\.output))
                    ).message()
                }
            }
        } catch {
            throw error.problem
        }
    }
}

extension ClassificationError {
    /// The same, told of one picture among several.
    fileprivate func of(picture index: Int) -> ClassificationError {
        switch self {
        case .unsupportedPicture(let text): .unsupportedPicture("Picture \(index): \(text)")
        case .undecodablePicture(let text): .undecodablePicture("Picture \(index): \(text)")
        default: self
        }
    }
}
