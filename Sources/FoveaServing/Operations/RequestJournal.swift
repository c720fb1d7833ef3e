import FoveaHTTP
import Logging

/// Logs one line for every request: what the socket knows of it, and what the route noted. Neither query, fields nor bodies are ever logged:
/// a token or a name may be in them.
public final class RequestJournal: Sendable {
    private struct Note: Sendable {
        var model: String
        var version: String
        var pictures: Int
        /// Only of pictures that were answered.
        var pass: (batchSize: Int, timing: Classification.Timing)?
    }

    private let logger: Logger

    /// A journal that writes to `logger`, at level `info`; `error` for server errors other than overload.
    public init(logger: Logger) {
        self.logger = logger
    }

    func note(_ answer: Classification, pictures: Int, of request: ServerRequest) {
        request.client.note(Note(model: answer.model, version: answer.version, pictures: pictures, pass: (answer.batchSize, answer.timing)))
    }

    func note(_ served: ServedModel, _ pass: PicturePass, pictures: Int, of request: ServerRequest) {
        let timing = Classification.Timing(
            decode: pass.prepared.decode, preprocess: pass.prepared.preprocess, queue: pass.queue, inference: pass.inference,
            total: request.timings.lastByte.duration(to: .now))
        request.client.note(Note(model: served.name, version: served.version, pictures: pictures, pass: (pass.batchSize, timing)))
    }

    /// Notes which model would have answered.
    ///
    /// - Parameter pictures: zero where the request was refused before they were read.
    func note(failed served: ServedModel, pictures: Int, of request: ServerRequest) {
        request.client.note(Note(model: served.name, version: served.version, pictures: pictures))
    }

    /// Why a request for a model is refused before its pictures are read, which is noted.
    func overload(of request: ServerRequest, by service: ClassificationService, model: String?, version: String?) -> Problem? {
        guard let (error, served) = service.overload(model, version: version) else { return nil }
        note(failed: served, pictures: 0, of: request)
        return error.problem
    }

    /// Logs an answered request.
    /// - Returns: the name of the model that was asked, where a route noted one.
    @discardableResult
    public func log(_ record: RequestRecord) -> String? {
        let note = record.note as? Note
        let level: Logger.Level = record.status.code == 500 ? .error : .info
        // An overload is no time to put together what nobody reads.
        guard logger.logLevel <= level else { return note?.model }
        var metadata: Logger.Metadata = [
            "id": "\(record.id)", "method": "\(record.method?.rawValue ?? "-")", "path": "\(record.path ?? "-")",
            "status": .stringConvertible(record.status.code), "bytes_in": .stringConvertible(record.requestBytes),
            "bytes_out": .stringConvertible(record.responseBytes), "receive_ms": Self.milliseconds(record.receiving),
            "total_ms": Self.milliseconds(record.duration),
        ]
        if let trace = record.trace {
            metadata["trace_id"] = "\(trace.traceID)"
            metadata["parent_id"] = "\(trace.parentID)"
        }
        if let remote = record.remoteAddress { metadata["remote"] = "\(remote)" }
        if let note {
            metadata["model"] = "\(note.model)"
            metadata["version"] = "\(note.version)"
            metadata["pictures"] = .stringConvertible(note.pictures)
        }
        if let (batchSize, timing) = note?.pass {
            metadata["batch_size"] = .stringConvertible(batchSize)
            metadata["decode_ms"] = Self.milliseconds(timing.decode)
            metadata["preprocess_ms"] = Self.milliseconds(timing.preprocess)
            metadata["queue_ms"] = Self.milliseconds(timing.queue)
            metadata["inference_ms"] = Self.milliseconds(timing.inference)
        }
        logger.log(level: level, "Request answered.", metadata: metadata)
        return note?.model
    }

    private static func milliseconds(_ duration: Duration) -> Logger.Metadata.Value {
        .stringConvertible((duration / .microseconds(1)).rounded() / 1000)
    }
}
