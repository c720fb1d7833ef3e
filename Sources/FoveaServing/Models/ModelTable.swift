/// The models by name and version, and where each stands: what ``ModelStore`` keeps under its lock. A value that knows no files and reads nothing.
struct ModelTable: Sendable {
    /// One version of a model.
    struct Entry: Sendable {
        var candidate: ModelFolder.Candidate
        var state: ModelStatus.State = .loading
        var served: ServedModel?
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

    /// How often models' directories were read.
    private(set) var readings: [Reading: Int] = [:]
    private(set) var entries: [String: [Int: Entry]] = [:] {
        didSet { standard = Self.standard(entries, unloaded) }
    }
    /// Whether the folders were ever listed.
    private(set) var wasScanned = false
    /// The model that `--default-model` names.
    private let defaultModel: String?
    /// The model of requests that name none, where no other was set: looked for when models come and go, and not by every request.
    private var standard: String?
    /// Models that were unloaded and not ready since.
    private var unloaded: Set<String> = [] {
        didSet { standard = Self.standard(entries, unloaded) }
    }
    private var nextLane = 0
    private var wasComplete = false
    /// Whether the model that `--default-model` names was gone when the folders were last listed.
    private var isDefaultMissing = false

    /// - Parameter defaultModel: the model of requests that name none; the first by name where it is `nil`.
    init(defaultModel: String?) {
        self.defaultModel = defaultModel
    }

    /// The model of requests that name none, if there is any.
    var defaultName: String? { defaultModel ?? standard }

    private static func standard(_ entries: [String: [Int: Entry]], _ unloaded: Set<String>) -> String? {
        // A model that was refused must not take the default away from those that work. One that was unloaded must not give it to them:
        // their classes are others.
        let names = entries.filter { name, versions in
            unloaded.contains(name) || versions.values.contains { $0.served != nil || $0.state == .loading }
        }.keys
        return names.min() ?? entries.keys.min()
    }

    // MARK: - What the folders hold

    /// Takes in what the folders hold now: what is new or changed is to be read, what is gone is let go.
    ///
    /// - Returns: the models that are gone.
    mutating func scanned(_ found: [String: [Int: ModelFolder.Candidate]]) -> [String] {
        wasScanned = true
        let before = names
        entries = found.mapValues { versions in versions.mapValues { Entry(candidate: $0) } }
            .merging(entries) { new, old in Self.merge(new, with: old) }
            .filter { found[$0.key] != nil }
        unloaded.formIntersection(found.keys)
        return before.filter { found[$0] == nil }
    }

    /// Takes in what one model's directory holds now: each version is to be read, changed or not.
    mutating func scanned(_ name: String, _ found: [Int: ModelFolder.Candidate]) {
        var merged = Self.merge(found.mapValues { Entry(candidate: $0) }, with: entries[name] ?? [:])
        for (version, entry) in merged {
            merged[version]?.isPending = true
            if entry.served == nil { merged[version]?.state = .loading }
        }
        entries[name] = merged.isEmpty ? nil : merged
        if merged.isEmpty { unloaded.remove(name) }
    }

    /// What becomes of a model's versions when its directory was listed again.
    private static func merge(_ new: [Int: Entry], with old: [Int: Entry]) -> [Int: Entry] {
        if let unreadable = new.values.first(where: { $0.candidate.isModelUnreadable }), !old.isEmpty {
            // Each stays, and is tried anew, so that the log tells why.
            return old.mapValues { old in
                var kept = old
                if kept.state != .unloaded { kept.isPending = true }
                kept.candidate.refusal = unreadable.candidate.refusal
                kept.candidate.fingerprint = ""
                return kept
            }
        }
        // What is added to a model that was unloaded waits for the model to be loaded again.
        let isUnloaded = !old.isEmpty && old.values.allSatisfy { $0.state == .unloaded }
        return (isUnloaded ? Self.unloaded(new) : new).merging(old) { new, old in
            var kept = old
            // What must not or cannot be read is tried anew too: it costs nothing, and the log tells why.
            kept.isPending =
                old.isPending || old.state == .refused || new.candidate.refusal != nil
                || new.candidate.fingerprint != old.candidate.fingerprint
            if old.state == .unloaded { kept.isPending = false }
            kept.candidate = new.candidate
            return kept
        }.filter { new[$0.key] != nil }
    }

    /// Notes whether the model that `--default-model` names is among these.
    ///
    /// - Returns: its name where it is not, and was when this was last noted.
    mutating func missingDefault(among names: [String]) -> String? {
        guard let defaultModel else { return nil }
        let isMissing = !names.contains(defaultModel)
        defer { isDefaultMissing = isMissing && wasScanned }
        return isMissing && !isDefaultMissing ? defaultModel : nil
    }

    // MARK: - Readings

    /// The next version that is to be read; it is taken for read from now on.
    ///
    /// - Parameter name: only versions of this model, where it is given.
    mutating func takePending(of name: String?) -> ModelFolder.Candidate? {
        let standard = defaultName
        // The default model first, so that the first picture is answered early.
        let names = entries.keys.filter { name == nil || $0 == name }.sorted {
            ($0 == standard ? 0 : 1, $0) < ($1 == standard ? 0 : 1, $1)
        }
        for name in names {
            for (version, entry) in (entries[name] ?? [:]).sorted(by: { $0.key > $1.key }) where entry.isPending {
                entries[name]?[version]?.isPending = false
                return entry.candidate
            }
        }
        return nil
    }

    /// A version was read and warmed: it answers requests from now on.
    mutating func ready(_ candidate: ModelFolder.Candidate, _ network: any PictureNetwork) {
        readings[Reading(model: candidate.name, result: .ready), default: 0] += 1
        // It may be gone, or unloaded, since.
        guard var entry = entries[candidate.name]?[candidate.version], entry.state != .unloaded else { return }
        nextLane += 1
        entry.served = ServedModel(name: candidate.name, version: "\(candidate.version)", lane: nextLane, network: network)
        entry.state = .ready
        entry.reason = nil
        entries[candidate.name]?[candidate.version] = entry
        unloaded.remove(candidate.name)
        // Noted here, so that it does not hang on somebody having asked.
        _ = isComplete()
    }

    /// A version's reading was refused.
    ///
    /// - Returns: whether the one that was read before is still served.
    mutating func refused(_ candidate: ModelFolder.Candidate, _ reason: String) -> Bool {
        readings[Reading(model: candidate.name, result: .refused), default: 0] += 1
        guard var entry = entries[candidate.name]?[candidate.version], entry.state != .unloaded else { return false }
        entry.reason = reason
        if entry.served == nil { entry.state = .refused }
        entries[candidate.name]?[candidate.version] = entry
        _ = isComplete()
        return entry.served != nil
    }

    /// Lets every version of a model go, until it is read again.
    mutating func unload(_ name: String) {
        guard let versions = entries[name] else { return }
        // One that was refused had no requests to answer, and no claim to those that name no model.
        if versions.values.contains(where: { $0.served != nil || $0.state == .loading }) { unloaded.insert(name) }
        entries[name] = Self.unloaded(versions)
    }

    private static func unloaded(_ versions: [Int: Entry]) -> [Int: Entry] {
        versions.mapValues { Entry(candidate: $0.candidate, state: .unloaded, isPending: false) }
    }

    /// Whether every model that was there at the start was loaded or refused. One that comes later does not take that back.
    mutating func isComplete() -> Bool {
        wasComplete = wasComplete || wasScanned && entries.values.allSatisfy { $0.values.allSatisfy { $0.state != .loading } }
        return wasComplete
    }
}
