import FoveaSystem
import FoveaVision

/// What a request asks for beside its pictures.
public struct ClassifyParameters: Sendable, Hashable {
    /// How much of each attention map is handed out.
    public enum AttentionDetail: String, Sendable, CaseIterable { case maps, summary, none }

    /// Which explanation is computed beside the model's own attention.
    public enum Explanation: String, Sendable, CaseIterable { case none, cam, gradcam, hirescam, layercam }

    /// Which drawings come with the maps.
    public enum Overlay: String, Sendable, CaseIterable { case none, png }

    /// In which form the answer comes.
    public enum Format: String, Sendable, CaseIterable { case json, npy }

    /// The colours of drawings.
    public typealias Colormap = FoveaVision.Colormap

    /// The model's name; the default model where it is `nil`.
    public var model: String?
    /// The model's version; the highest where it is `nil`.
    public var version: String?
    /// How many of the best classes are told; at least 1. More than there are means all.
    public var topK = 5
    /// How much of each map is handed out.
    public var attention = AttentionDetail.maps
    /// Names or globs of layers; `nil` means all layers.
    public var layers: [String]?
    /// The longest side of a spatial map; 0 keeps each layer's own size.
    public var mapSize = 32
    /// What is computed beside the model's own attention.
    public var explanation = Explanation.none
    /// The classes to explain, up to five; the best one where there is none.
    public var explainedClasses: [Int] = []
    /// Which drawings come with the maps.
    public var overlay = Overlay.none
    /// The colours of the drawings, from a map's least to its greatest value.
    public var colormap = Colormap.viridis
    /// In which form the answer comes.
    public var format = Format.json

    /// The defaults.
    public init() {}

    /// The parameters' names in requests.
    public static let names = [
        "model", "version", "top_k", "attention", "layers", "map_size", "explain", "class", "overlay", "colormap", "format",
    ]

    /// The longest text of a parameter, in bytes: a thousand names of layers are shorter.
    static let maxText = 65_536

    /// Sets a parameter from its text in a query, a form field or a JSON value.
    /// - Throws: `badRequest` that names the parameter and what it may be.
    public mutating func set(_ name: String, to text: String) throws(ClassificationError) {
        guard text.utf8.count <= Self.maxText else {
            throw .badRequest("The parameter '\(name.abbreviated)' has \(text.utf8.count) bytes; \(Self.maxText) are allowed.")
        }
        switch name {
        case "model": model = try Self.nonEmpty(text, name)
        case "version": version = try Self.nonEmpty(text, name)
        case "top_k": topK = try Self.integer(text, name, from: 1)
        case "attention": attention = try Self.choice(text, name)
        case "layers":
            let patterns = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
            guard patterns.allSatisfy({ !$0.isEmpty }) else {
                throw .badRequest("The parameter 'layers' is '\(text.abbreviated)'; expected layer names or globs, separated by commas.")
            }
            guard patterns.count <= 1000 else {
                throw .badRequest("The parameter 'layers' lists \(patterns.count) patterns; 1000 are allowed.")
            }
            layers = patterns
        case "map_size": mapSize = try Self.integer(text, name, from: 0)
        case "explain": explanation = try Self.choice(text, name)
        case "class": explainedClasses = try ClassList.read(text, name)
        case "overlay": overlay = try Self.choice(text, name)
        case "colormap": colormap = try Self.choice(text, name)
        case "format": format = try Self.choice(text, name)
        default:
            throw .badRequest("There is no parameter '\(name.abbreviated)'. The parameters: \(Self.names.joined(separator: ", ")).")
        }
    }

    /// Refuses what this build cannot do, rather than leave it out of the answer without a word.
    func checkSupported() throws(ClassificationError) {
        if explanation == .none, !explainedClasses.isEmpty {
            throw .badRequest("The parameter 'class' says what is explained; 'explain' says how: give it, as in explain=cam.")
        }
        if overlay != .none, format == .npy {
            throw .badRequest("The parameter 'overlay' must be 'none' where 'format' is 'npy': a NumPy file holds numbers only.")
        }
    }

    private static func nonEmpty(_ text: String, _ name: String) throws(ClassificationError) -> String {
        if text.isEmpty { throw .badRequest("The parameter '\(name)' is empty; leave it out or give it a value.") }
        return text
    }

    private static func integer(_ text: String, _ name: String, from least: Int) throws(ClassificationError) -> Int {
        guard let number = Int(digits: text.utf8), number >= least else {
            throw .badRequest("The parameter '\(name)' is '\(text.abbreviated)'; expected a whole number from \(least).")
        }
        return number
    }

    private static func choice<Choice>(_ text: String, _ name: String) throws(ClassificationError) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("The parameter '\(name)' is '\(text.abbreviated)'; expected one of \(choices).")
        }
        return choice
    }
}

extension StringProtocol {
    /// A glance at a text from a request, for a message. By scalars: one character may be made of any number of them.
    var abbreviated: String {
        let scalars = unicodeScalars.prefix(81)
        return scalars.count <= 80 ? String(self) : String(String.UnicodeScalarView(scalars.prefix(79))) + "…"
    }

    /// Without the white space around it.
    var trimmed: String {
        // Not by reversing it: that builds a string character by character, for every request's media type.
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
