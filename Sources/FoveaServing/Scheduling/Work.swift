import FoveaSystem

/// What a pass is asked for.
struct Work: Sendable {
    /// The loaded model's number: pictures of one lane may share a pass.
    var lane: Int
    var network: any PictureNetwork
    var input: NetworkInput
    var contents = PassContents()
    var deadline: Instant
}
