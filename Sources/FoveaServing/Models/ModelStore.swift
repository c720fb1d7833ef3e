import FoundationEssentials
import FoveaCompute
import FoveaGraph
import FoveaSystem
import FoveaZoo
import Logging
import Synchronization

/// The models under the `--models` folders: reads them, and hands out those that answer requests.
///
/// Reading takes seconds and happens on one thread at a time; looking a model up takes a lock for a moment. A model is read and warmed beside the one it
/// replaces, then swapped: requests under way keep the old one until they are answered.
public final class ModelStore: Sendable {
    typealias Loader = @Sendable (URL) throws(ModelError) -> any PictureNetwork

    private let folders: [ModelFolder]
    private let threads: Int
    private let loader: Loader
    private let logger: Logger
    private let table: Mutex<ModelTable>
    private let readings = Mutex(())

    /// A store over folders that are read when ``scan()`` and ``load()`` say so.
    ///
    /// - Parameters:
    ///   - defaultModel: the model of requests that name none; the first by name where it is `nil`.
    ///   - maxPixels: pictures with more are refused.
    ///   - precision: how weights are stored.
    ///   - threads: threads for the warm-up passes, and the most that passes of all models have at the same time.
    public convenience init(
        folders: [URL], defaultModel: String? = nil, maxPixels: Int, precision: Precision = .float32, threads: Int,
        logger: Logger = Logger(label: "fovea.models")
    ) {
        let decoding = DecodingBudget(maxPixels: maxPixels)
        let teams = TeamPool(threads: threads, spins: !ProcessorBudget.isMetered())
        self.init(folders: folders, defaultModel: defaultModel, threads: threads, logger: logger) { directory throws(ModelError) in
            try LoadedNetwork(directory: directory, maxPixels: maxPixels, decoding: decoding, precision: precision, teams: teams)
        }
    }

    init(folders: [URL], defaultModel: String?, threads: Int, logger: Logger, loader: @escaping Loader) {
        self.folders = folders.map(ModelFolder.init(url:))
        self.threads = threads
        self.logger = logger
        self.loader = loader
        table = Mutex(ModelTable(defaultModel: defaultModel))
    }

    // MARK: - Reading

    /// Lists the folders again: new models and changed ones are to be loaded, those that are gone are let go.
    ///
    /// - Throws: when a folder cannot be read, or, the first time, the default model is in none of them. The store is then as before.
    public func scan() throws(ModelError) {
        let found = try find(warns: true)
        try checkDefault(found.keys.sorted())
        let gone = change { $0.scanned(found) }
        for name in gone { logger.notice("The model's directory is gone; it is served no more.", metadata: ["model": "\(name)"]) }
    }

    /// Reads every version of one model again, changed or not; each version serves on until its new reading is there. Blocks its thread for seconds.
    ///
    /// - Returns: the versions whose new reading was refused, the highest first; those of them that were served before still are.
    /// - Throws: when there is no such model, or the folders cannot be read.
    @discardableResult
    func reload(_ name: String) throws(ClassificationError) -> [ModelStatus] {
        let found: [String: [Int: ModelFolder.Candidate]]
        do throws(ModelError) {
            found = try find(warns: false)
            try checkDefault(found.keys.sorted())
        } catch {
            // An operator's words, with paths in them.
            logger.error("The models folders were not read again.", metadata: ["model": "\(name)", "reason": "\(error.description)"])
            throw .modelUnavailable("The models folders cannot be read; the server's log says why.")
        }
        let versions = found[name] ?? [:]
        change { $0.scanned(name, versions) }
        load(only: name)
        _ = try status(name)
        // Every version was read just now, so that a reason is this reading's.
        return table.withLock { $0.statuses(of: name) }.filter { $0.reason != nil }
    }

    /// Lists the folders.
    private func find(warns: Bool) throws(ModelError) -> [String: [Int: ModelFolder.Candidate]] {
        var found: [String: [Int: ModelFolder.Candidate]] = [:]
        for folder in folders {
            let candidates = try folder.candidates()
            for name in Set(candidates.map(\.name)) where warns && found[name] != nil {
                logger.warning("A model of this name is in two models folders; the first one's is served.", metadata: ["model": "\(name)"])
            }
            let fresh = candidates.filter { found[$0.name] == nil }
            for candidate in fresh { found[candidate.name, default: [:]][candidate.version] = candidate }
        }
        return found
    }

    /// Looks whether the model that `--default-model` names is there. Once the server runs, its absence must hold up nothing that is done
    /// to the others: the log tells it, once for each time that it goes.
    ///
    /// - Throws: when it is not there at the first scan.
    private func checkDefault(_ names: [String]) throws(ModelError) {
        let (missing, isStart) = table.withLock { table in (table.missingDefault(among: names), !table.wasScanned) }
        guard let missing else { return }
        let error = ModelError("There is no model '\(missing)', which --default-model names. \(ModelTable.list(names))")
        if isStart { throw error }
        logger.error("The default model's directory is gone.", metadata: ["model": "\(missing)", "reason": "\(error.description)"])
    }

    /// Reads every model that the last scan found new or changed. Blocks its thread for seconds.
    ///
    /// - Parameter name: reads only the versions of this model, where it is given.
    public func load(only name: String? = nil) {
        readings.withLock { _ in
            while let candidate = table.withLock({ $0.takePending(of: name) }) { read(candidate) }
        }
        // What was read on the way to a model, and the model that it replaced.
        Allocator.trim()
    }

    private func read(_ candidate: ModelFolder.Candidate) {
        let start = Instant.now
        var metadata: Logger.Metadata = ["model": "\(candidate.name)", "version": "\(candidate.version)"]
        do throws(ModelError) {
            if let refusal = candidate.refusal { throw ModelError(refusal) }
            let network = try loader(candidate.directory)
            try network.warmUp(threads: threads)
            change { $0.ready(candidate, network) }
            metadata["architecture"] = "\(network.description.architecture)"
            metadata["parameters"] = "\(network.description.parameters)"
            metadata["seconds"] = "\(((start.duration(to: .now) / .milliseconds(1)).rounded() / 1000))"
            logger.info("Model ready.", metadata: metadata)
        } catch {
            metadata["reason"] = "\(error.description)"
            let isKept = table.withLock { $0.refused(candidate, error.description) }
            logger.error(isKept ? "Model refused; the one read before is still served." : "Model refused.", metadata: metadata)
        }
    }

    /// Lets every version of a model go, until ``reload(_:)``. Passes under way keep it until they are done.
    ///
    /// - Throws: when there is no such model.
    func unload(_ name: String) throws(ClassificationError) {
        change { $0.unload(name) }
        Allocator.trim()
        _ = try status(name)
    }

    /// Changes the table, and lets go of what it let go of once its lock is free again: to give back a network's memory takes long, and every request looks
    /// its model up.
    @discardableResult
    private func change<Value: Sendable>(_ body: @Sendable (inout ModelTable) -> Value) -> Value {
        let (value, before) = table.withLock { table in
            let before = table.entries
            return (body(&table), before)
        }
        withExtendedLifetime(before) {}
        return value
    }

    // MARK: - Looking up

    /// Whether every model that was there at the start was loaded or refused. One that is added or read again later does not take that back: the
    /// others answer all the while.
    public var isComplete: Bool { table.withLock { $0.isComplete() } }

    /// How often models' directories were read, and what became of it.
    var readingCounts: [ModelTable.Reading: Int] { table.withLock { $0.readings } }

    /// Every version of every model, by name, the highest version first.
    public func listing() -> [ModelStatus] { table.withLock { $0.listing() } }

    /// The status of one model; its default version where none is asked for.
    public func status(_ name: String, version: String? = nil) throws(ClassificationError) -> ModelStatus {
        let status = table.withLock { $0.status(name, version: version) }
        return try status.get()
    }

    /// The model that answers a request.
    func served(_ name: String?, version: String?) throws(ClassificationError) -> ServedModel {
        let served = table.withLock { $0.served(name, version: version) }
        return try served.get()
    }
}
