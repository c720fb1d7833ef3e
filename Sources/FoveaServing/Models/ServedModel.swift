/// A model that answers requests.
struct ServedModel: Sendable {
    var name: String
    var version: String
    /// Unique to this reading of this version.
    var lane: Int
    var network: any PictureNetwork
}
