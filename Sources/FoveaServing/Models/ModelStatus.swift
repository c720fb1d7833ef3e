/// One version of one model, as `GET /models` and `fovea models` list it.
public struct ModelStatus: Sendable {
    /// Where a model stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case loading, ready, refused, unloaded
    }

    /// The directory's name.
    public var name: String
    /// The version's number as text.
    public var version: String
    /// Where it stands.
    public var state: State
    /// Whether this version answers requests that name no model.
    public var isDefault: Bool
    /// Why it was refused; or, beside `ready`, why a newer reading of its directory was refused.
    public var reason: String?
    /// What there is to know of it, once it was loaded.
    public var description: ModelDescription?
    /// Memory that its weights take, while it is loaded.
    public var weightBytes: Int?
}
