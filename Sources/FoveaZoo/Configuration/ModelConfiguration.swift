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
    /// What a label means, by label.
    public let labelDescriptions: [String: String]
    /// How a picture becomes the network's input.
    public let preprocessing: Preprocessing
    /// Every member of the file, those that Fovea does not use too.
    public let members: [String: JSONValue]

    /// A configuration made in code.
    public init(
        architecture: String, modelArguments: [String: JSONValue] = [:], numClasses: Int, labels: [String]? = nil,
        preprocessing: Preprocessing = Preprocessing()
    ) {
        self.architecture = architecture
        self.modelArguments = modelArguments
        self.numClasses = numClasses
        self.labels = labels ?? (0..<max(0, numClasses)).map(String.init)
        self.labelDescriptions = [:]
        self.preprocessing = preprocessing
        self.members = [:]
    }

    init(
        architecture: String, modelArguments: [String: JSONValue], numClasses: Int, labels: [String], labelDescriptions: [String: String],
        preprocessing: Preprocessing, members: [String: JSONValue]
    ) {
        self.architecture = architecture
        self.modelArguments = modelArguments
        self.numClasses = numClasses
        self.labels = labels
        self.labelDescriptions = labelDescriptions
        self.preprocessing = preprocessing
        self.members = members
    }
}
