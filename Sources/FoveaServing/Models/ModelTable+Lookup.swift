/// What is asked of the table; errors are the words for whoever asked.
extension ModelTable {
    /// The models, in their order.
    var names: [String] { entries.keys.sorted() }

    /// Every version of every model, by name, the highest version first.
    func listing() -> [ModelStatus] { names.flatMap { statuses(of: $0) } }

    /// Every version of one model, the highest first.
    func statuses(of name: String) -> [ModelStatus] {
        guard let versions = entries[name] else { return [] }
        let isStandard = name == defaultName
        let best = Self.best(versions)
        return versions.sorted { $0.key > $1.key }.map { version, entry in
            ModelStatus(
                name: name, version: "\(version)", state: entry.state, isDefault: isStandard && version == best, reason: entry.reason,
                description: entry.served?.network.description, weightBytes: entry.served?.network.weightBytes)
        }
    }

    /// The status of one model; its default version where none is asked for.
    func status(_ name: String, version: String?) -> Result<ModelStatus, ClassificationError> {
        let versions = statuses(of: name)
        if versions.isEmpty { return .failure(.unknownModel("There is no model '\(name.abbreviated)'. \(Self.list(names))")) }
        let wanted = version ?? Self.best(entries[name] ?? [:]).map { "\($0)" }
        if let status = versions.first(where: { $0.version == wanted }) { return .success(status) }
        let list = versions.map(\.version).joined(separator: ", ")
        return .failure(.unknownModel("The model '\(name)' has no version '\((version ?? "").abbreviated)'. Its versions: \(list)."))
    }

    /// The model that answers a request.
    func served(_ asked: String?, version: String?) -> Result<ServedModel, ClassificationError> {
        guard let name = asked ?? defaultName else {
            if !wasScanned { return .failure(.modelNotReady("The models are being read; try again.")) }
            return .failure(.modelUnavailable("There is no model to answer with. \(Self.list([])) GET /models tells more."))
        }
        let versions = entries[name] ?? [:]
        // Numbers have one spelling: `02` is no version.
        let number = version.map { text in versions.keys.first { "\($0)" == text } } ?? Self.best(versions)
        if let served = number.flatMap({ versions[$0]?.served }) { return .success(served) }
        // Who asked named no model: that there is none of this name is the server's fault and not theirs.
        if asked == nil, versions.isEmpty, wasScanned {
            return .failure(.modelUnavailable("The default model '\(name)' is gone. GET /models lists those that there are."))
        }
        return status(name, version: version).flatMap { status in
            switch status.state {
            case .refused: .failure(.modelUnavailable("The model '\(name)' was refused: \(status.reason ?? "")"))
            case .unloaded: .failure(.modelUnavailable("The model '\(name)' was unloaded."))
            case .loading, .ready: .failure(.modelNotReady("The model '\(name)' is being loaded; try again."))
            }
        }
    }

    /// The highest version that is served, or else the highest.
    private static func best(_ versions: [Int: Entry]) -> Int? {
        if versions.count == 1 { return versions.keys.first }
        return versions.lazy.filter { $0.value.served != nil }.map(\.key).max() ?? versions.keys.max()
    }

    /// Which models there are, in words.
    static func list(_ names: [String]) -> String {
        names.isEmpty ? "The models folders hold no model." : "The models: \(names.joined(separator: ", "))."
    }
}
