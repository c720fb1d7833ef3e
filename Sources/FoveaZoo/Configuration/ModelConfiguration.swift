import FoveaJSON

/// `config.json` as timm writes it, in its newer form (`pretrained_cfg`) and its older flat one.
public struct ModelConfiguration: Sendable, Hashable {
    /// The network's name, a key of ``Registry``.
    public let architecture: String
    /// The network's arguments, read by its builder.
    public let modelArguments: [String: JSONValue]
    /// Classes that the network tells apart.
    public let numClasses: Int
    /// One per class; the index as text where the file names none.
    public let labels: [String]
    /// How a picture becomes the network's input.
    public let preprocessing: Preprocessing

    /// - Parameter labels: One per class; nil is the index as text.
    public init(
        architecture: String, modelArguments: [String: JSONValue] = [:], numClasses: Int, labels: [String]? = nil,
        preprocessing: Preprocessing = Preprocessing()
    ) {
        self.architecture = architecture
        self.modelArguments = modelArguments
        self.numClasses = numClasses
        self.labels = labels ?? (0..<max(0, numClasses)).map(String.init)
        self.preprocessing = preprocessing
    }
}
