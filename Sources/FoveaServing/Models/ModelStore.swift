import FoundationEssentials
import FoveaCompute
import FoveaGraph
import FoveaSystem
import FoveaZoo
import Logging
import Synchronization

/// The models under the `--models` folders, and where each stands.
///
/// Reading takes seconds and happens on one thread at a time; looking a model up takes a lock for a moment. A model is read and warmed beside the one it
/// replaces, then swapped: requests under way keep the old one until they are answered.
public final class ModelStore: Sendable {
    typealias Loader = @Sendable (URL) throws(ModelError) -> any PictureNetwork

    /// A model that answers requests.
    struct Served: Sendable {
        var name: String
        var version: String
        /// Unique to this reading of this version.
        var lane: Int
        var network: any PictureNetwork
    }

    private struct Entry: Sendable {
        var candidate: ModelFolder.Candidate
        var state: ModelStatus.State = .loading
        var served: Served?
        var reason: String?
        /// Whether it is still to be read, for the first time or again.
        var isPending = true
    }

    /// What became of a reading of a model's directory.
    struct Reading: Sendable, Hashable {
        var model: String
        /// `ready` or `refused`.
        var result: ModelStatus.State
    }

    private struct State: Sendable {
        var readings: [Reading: Int] = [:]
        var entries: [String: [Int: Entry]] = [:] {
            didSet { standard = Self.standard(entries, unloaded) }
        }
        /// The model of requests that name none, where no other was set: looked for when models come and go, and not by every request.
        private(set) var standard: String?
        /// Models that were unloaded and not ready since.
        var unloaded: Set<String> = [] {
            didSet { standard = Self.standard(entries, unloaded) }
        }
        var nextLane = 0
        var wasScanned = false
        var wasComplete = false
        /// Whether the model that `--default-model` names was gone when the folders were last listed.
        var isDefaultMissing = false

        private static func standard(_ entries: [String: [Int: Entry]], _ unloaded: Set<String>) -> String? {
            // A model that was refused must not take the default away from those that work. One that was unloaded must not give it to them:
            // their classes are others.
            let names = entries.filter { name, versions in
                unloaded.contains(name) || versions.values.contains { $0.served != nil || $0.state == .loading }
            }.keys
            return names.min() ?? entries.keys.min()
        }
    }

    private let folders: [ModelFolder]
    private let defaultModel: String?
    private let threads: Int
    private let loader: Loader
    private let logger: Logger
    private let state = Mutex(State())
    private let readings = Mutex(())

    /// A store over folders that are read when ``scan()`` and ``load()`` say so.
    ///
    /// - Parameters:
    ///   - defaultModel: the model of requests that name none; the first by name where it is `nil`.
    ///   - maxPixels: pictures with more are refused, and twice as many are decoded at a time.
    ///   - precision: how weights are stored.
    ///   - threads: threads for the warm-up passes, and the most that passes of all models have at the same time.
    public convenience init(
        folders: [URL], defaultModel: String? = nil, maxPixels: Int, precision: Precision = .float32, threads: Int,
        logger: Logger = Logger(label: "fovea.models")
    ) {
        let pixels = PixelBudget(limit: 2 * maxPixels)
        let teams = TeamPool(threads: threads, spins: !ProcessorBudget.isMetered())
        self.init(folders: folders, defaultModel: defaultModel, threads: threads, logger: logger) { directory throws(ModelError) in
            try LoadedNetwork(directory: directory, maxPixels: maxPixels, pixels: pixels, precision: precision, teams: teams)
        }
    }

    init(folders: [URL], defaultModel: String?, threads: Int, logger: Logger, loader: @escaping Loader) {
        self.folders = folders.map(ModelFolder.init(url:))
        self.defaultModel = defaultModel
        self.threads = threads
        self.logger = logger
        self.loader = loader
    }

    /// Lists the folders again: new models and changed ones are to be loaded, those that are gone are let go.
    ///
    /// - Throws: when a folder cannot be read, or, the first time, the default model is in none of them. The store is then as before.
    public func scan() throws(ModelError) {
        let found = try find(warns: true)
        try checkDefault(found.keys.sorted())
        let gone = state.withLock { state in
            defer { state.wasScanned = true }
            let before = state.entries.keys.sorted()
            state.entries = found.mapValues { versions in versions.mapValues { Entry(candidate: $0) } }
                .merging(state.entries) { new, old in Self.merge(new, with: old) }
                .filter { found[$0.key] != nil }
            state.unloaded.formIntersection(found.keys)
            return before.filter { found[$0] == nil }
        }
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
            throw .modelNotReady("The models folders cannot be read; the server's log says why.")
        }
        state.withLock { state in
            let versions = found[name]?.mapValues { Entry(candidate: $0) } ?? [:]
            var merged = Self.merge(versions, with: state.entries[name] ?? [:])
            for (version, entry) in merged {
                merged[version]?.isPending = true
                if entry.served == nil { merged[version]?.state = .loading }
            }
            state.entries[name] = merged.isEmpty ? nil : merged
            if merged.isEmpty { state.unloaded.remove(name) }
        }
        load(only: name)
        _ = try status(name)
        // Every version was read just now, so that a reason is this reading's.
        return state.withLock { statuses(of: name, in: $0) }.filter { $0.reason != nil }
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
        guard let defaultModel else { return }
        let isMissing = !names.contains(defaultModel)
        let (isStart, isNews) = state.withLock { state in
            defer { state.isDefaultMissing = isMissing && state.wasScanned }
            return (!state.wasScanned, isMissing && !state.isDefaultMissing)
        }
        guard isNews else { return }
        let error = ModelError("There is no model '\(defaultModel)', which --default-model names. \(Self.list(names))")
        if isStart { throw error }
        logger.error("The default model's directory is gone.", metadata: ["model": "\(defaultModel)", "reason": "\(error.description)"])
    }

    /// What becomes of a model's versions when its directory was listed again.
    private static func merge(_ new: [Int: Entry], with old: [Int: Entry]) -> [Int: Entry] {
        if let unreadable = new.values.first(where: { $0.candidate.isUnreadable }), !old.isEmpty {
            // Each stays, and is tried anew, so that the log tells why.
            return old.mapValues { old in
                var kept = old
                if kept.state != .unloaded { kept.isPending = true }
                kept.candidate.refusal = unreadable.candidate.refusal
                kept.candidate.fingerprint = ""
                return kept
            }
        }
        return new.merging(old) { new, old in
            var kept = old
            kept.isPending = old.isPending || old.state == .refused || new.candidate.fingerprint != old.candidate.fingerprint
            if old.state == .unloaded { kept.isPending = false }
            kept.candidate = new.candidate
            return kept
        }.filter { new[$0.key] != nil }
    }

    /// Reads every model that the last scan found new or changed. Blocks its thread for seconds.
    ///
    /// - Parameter name: reads only the versions of this model, where it is given.
    public func load(only name: String? = nil) {
        readings.withLock { _ in
            while let candidate = nextPending(only: name) { read(candidate) }
        }
        // What was read on the way to a model, and the model that it replaced.
        Allocator.trim()
    }

    /// Whether every model that was there at the start was loaded or refused. One that is added or read again later does not take that back: the
    /// others answer all the while.
    public var isComplete: Bool {
        state.withLock { state in
            state.wasComplete =
                state.wasComplete
                || state.wasScanned && state.entries.values.allSatisfy { $0.values.allSatisfy { $0.state != .loading } }
            return state.wasComplete
        }
    }

    /// How often models' directories were read, and what became of it.
    var readingCounts: [Reading: Int] { state.withLock { $0.readings } }

    /// Every version of every model, by name, the highest version first.
    public func listing() -> [ModelStatus] {
        state.withLock { state in state.entries.keys.sorted().flatMap { statuses(of: $0, in: state) } }
    }

    private func statuses(of name: String, in state: State) -> [ModelStatus] {
        guard let versions = state.entries[name] else { return [] }
        let isStandard = name == defaultName(state)
        let highest = Self.best(versions)
        return versions.sorted { $0.key > $1.key }.map { version, entry in
            ModelStatus(
                name: name, version: "\(version)", state: entry.state, isDefault: isStandard && version == highest, reason: entry.reason,
                description: entry.served?.network.description, weightBytes: entry.served?.network.weightBytes)
        }
    }

    /// The status of one model; its default version where none is asked for.
    public func status(_ name: String, version: String? = nil) throws(ClassificationError) -> ModelStatus {
        let (versions, names, best) = state.withLock { state in
            (statuses(of: name, in: state), state.entries.keys.sorted(), Self.best(state.entries[name] ?? [:]))
        }
        if versions.isEmpty { throw .unknownModel("There is no model '\(name.abbreviated)'. \(Self.list(names))") }
        let wanted = version ?? best.map { "\($0)" }
        guard let status = versions.first(where: { $0.version == wanted }) else {
            throw .unknownModel(
                "The model '\(name)' has no version '\(version ?? "")'. Its versions: \(versions.map(\.version).joined(separator: ", ")).")
        }
        return status
    }

    /// The model that answers a request.
    func served(_ name: String?, version: String?) throws(ClassificationError) -> Served {
        let isDefault = name == nil
        let (found, standard, wasScanned, isGone) = state.withLock { state -> (Served?, String?, Bool, Bool) in
            let name = name ?? defaultName(state)
            let versions = name.flatMap { state.entries[$0] } ?? [:]
            // Numbers have one spelling: `02` is no version.
            let number = version.map { text in versions.keys.first { "\($0)" == text } } ?? Self.best(versions)
            return (number.flatMap { versions[$0]?.served }, name, state.wasScanned, isDefault && versions.isEmpty)
        }
        if let found { return found }
        guard let name = standard else {
            if !wasScanned { throw .modelNotReady("The models are being read; try again.") }
            throw .modelNotReady("There is no model to answer with. \(Self.list([])) GET /models tells more.")
        }
        // Who asked named no model: that there is none of this name is the server's fault and not theirs.
        if isGone, wasScanned { throw .modelNotReady("The default model '\(name)' is gone. GET /models lists those that there are.") }
        let status = try status(name, version: version)
        switch status.state {
        case .refused: throw .modelNotReady("The model '\(name)' was refused: \(status.reason ?? "")")
        case .unloaded: throw .modelNotReady("The model '\(name)' was unloaded.")
        case .loading, .ready: throw .modelNotReady("The model '\(name)' is being loaded; try again.")
        }
    }

    /// Lets every version of a model go, until ``reload(_:)``. Passes under way keep it until they are done.
    ///
    /// - Throws: when there is no such model.
    func unload(_ name: String) throws(ClassificationError) {
        state.withLock { state in
            let versions = state.entries[name] ?? [:]
            // One that was refused had no requests to answer, and no claim to those that name no model.
            if versions.values.contains(where: { $0.served != nil || $0.state == .loading }) { state.unloaded.insert(name) }
            for version in versions.keys {
                state.entries[name]?[version]?.served = nil
                state.entries[name]?[version]?.state = .unloaded
                state.entries[name]?[version]?.reason = nil
                state.entries[name]?[version]?.isPending = false
            }
        }
        _ = try status(name)
    }

    private func nextPending(only name: String?) -> ModelFolder.Candidate? {
        state.withLock { state in
            let standard = defaultName(state)
            // The default model first, so that the first picture is answered early.
            let names = state.entries.keys.filter { name == nil || $0 == name }.sorted {
                ($0 == standard ? 0 : 1, $0) < ($1 == standard ? 0 : 1, $1)
            }
            for name in names {
                for (version, entry) in (state.entries[name] ?? [:]).sorted(by: { $0.key > $1.key }) where entry.isPending {
                    state.entries[name]?[version]?.isPending = false
                    return entry.candidate
                }
            }
            return nil
        }
    }

    private func read(_ candidate: ModelFolder.Candidate) {
        let start = Instant.now
        var metadata: Logger.Metadata = ["model": "\(candidate.name)", "version": "\(candidate.version)"]
        do throws(ModelError) {
            if let refusal = candidate.refusal { throw ModelError(refusal) }
            let network = try loader(candidate.directory)
            try warm(network)
            state.withLock { state in
                state.readings[Reading(model: candidate.name, result: .ready), default: 0] += 1
                // It may be gone, or unloaded, since.
                guard let entry = state.entries[candidate.name]?[candidate.version], entry.state != .unloaded else { return }
                state.nextLane += 1
                let served = Served(name: candidate.name, version: "\(candidate.version)", lane: state.nextLane, network: network)
                state.entries[candidate.name]?[candidate.version]?.served = served
                state.entries[candidate.name]?[candidate.version]?.state = .ready
                state.entries[candidate.name]?[candidate.version]?.reason = nil
                state.unloaded.remove(candidate.name)
            }
            metadata["architecture"] = "\(network.description.architecture)"
            metadata["parameters"] = "\(network.description.parameters)"
            metadata["seconds"] = "\(((start.duration(to: .now) / .milliseconds(1)).rounded() / 1000))"
            logger.info("Model ready.", metadata: metadata)
        } catch {
            metadata["reason"] = "\(error.description)"
            let isKept = state.withLock { state in
                state.readings[Reading(model: candidate.name, result: .refused), default: 0] += 1
                guard let entry = state.entries[candidate.name]?[candidate.version], entry.state != .unloaded else { return false }
                state.entries[candidate.name]?[candidate.version]?.reason = error.description
                let isKept = entry.served != nil
                if !isKept { state.entries[candidate.name]?[candidate.version]?.state = .refused }
                return isKept
            }
            logger.error(isKept ? "Model refused; the one read before is still served." : "Model refused.", metadata: metadata)
        }
    }

    /// One pass over a black picture, with every map: it brings the weights into memory, and shows a model that cannot run.
    private func warm(_ network: any PictureNetwork) throws(ModelError) {
        let description = network.description
        let input = SessionInput(
            values: [Float](repeating: 0, count: description.inputSize.reduce(1, *)), taps: Array(description.maps.indices))
        let output: SessionOutput?
        do {
            output = try network.run([input], threads: threads).first
        } catch {
            throw ModelError("The warm-up pass failed: \(error)")
        }
        guard let output, output.logits.count == description.numClasses, output.maps.count == description.maps.count else {
            throw ModelError("The warm-up pass did not give \(description.numClasses) logits and \(description.maps.count) maps.")
        }
        guard output.logits.allSatisfy(\.isFinite) else {
            throw ModelError("The warm-up pass gave logits that are not finite numbers; the weights may be corrupt.")
        }
    }

    private func defaultName(_ state: State) -> String? { defaultModel ?? state.standard }

    /// The highest version that is served, or else the highest.
    private static func best(_ versions: [Int: Entry]) -> Int? {
        if versions.count == 1 { return versions.keys.first }
        return versions.lazy.filter { $0.value.served != nil }.map(\.key).max() ?? versions.keys.max()
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "The models folders hold no model." : "The models: \(names.joined(separator: ", "))."
    }
}
