import FoundationEssentials
import FoveaJSON
import FoveaSystem

extension ModelConfiguration {
    /// No `config.json` is larger than this; one with the labels of 20,000 classes has about a megabyte.
    static let sizeLimit = 64 << 20

    /// Reads a `config.json`.
    init(file: URL) throws(ModelError) {
        let name = file.lastPathComponent
        // No special file is waited for, and none without an end is read.
        guard let status = FileStatus(file.path(percentEncoded: false)), status.isRegular else {
            throw ModelError("There is no readable \(name).")
        }
        guard status.size <= Self.sizeLimit else { throw ModelError("\(name) is larger than \(Self.sizeLimit >> 20) MiB.") }
        guard let data = try? Data(contentsOf: file) else { throw ModelError("There is no readable \(name).") }
        try self.init(json: data)
    }

    /// Reads the bytes of a `config.json`.
    ///
    /// Follows `load_model_config_from_hf` in timm/models/_hub.py: without `pretrained_cfg` the whole file is that object, and
    /// `num_classes` and `label_names` of the top level win over its own. Unknown members are ignored.
    public init(json: Data) throws(ModelError) {
        let root: JSONValue
        do throws(JSONFault) {
            root = try JSONValue(json: [UInt8](json))
        } catch {
            throw ModelError("config.json is not valid JSON, \(error).")
        }
        guard case .object(let members) = root else { throw ModelError("config.json is \(root); expected an object.") }

        var top = ArgumentReader(members, place: "config.json")
        guard let architecture = try top.string("architecture"), !architecture.isEmpty else {
            throw ModelError("config.json has no architecture; expected the name of a network.")
        }
        let arguments: [String: JSONValue]
        switch top.value("model_args") {
        case nil: arguments = [:]
        case .object(let members): arguments = members
        case let value?: throw top.refusal("model_args", value, expected: "an object")
        }

        let isFlat = !top.has("pretrained_cfg")
        var pretrained = isFlat ? top : try top.object("pretrained_cfg")
        func holder(of name: String) -> ArgumentReader { top.has(name) ? top : pretrained }

        let labelKey = isFlat && !top.has("label_names") ? "labels" : "label_names"
        var labelHolder = holder(of: labelKey)
        let names = labelHolder.value(labelKey)
        var countHolder = holder(of: "num_classes")
        // timm's own default is ImageNet's; a file that lists its labels has said how many there are.
        var count = 1000
        if case .array(let elements) = names { count = elements.count }
        count = try countHolder.integer("num_classes", default: count, in: 1...1_000_000)

        let labels = try Self.labels(names, count: count, key: labelKey, in: labelHolder)
        self.init(
            architecture: architecture, modelArguments: arguments, numClasses: count, labels: labels,
            preprocessing: try Preprocessing(&pretrained))
    }

    /// A list of one name per class, or an object from index to name, with the index as text for those it lacks.
    private static func labels(_ names: JSONValue?, count: Int, key: String, in reader: ArgumentReader) throws(ModelError) -> [String] {
        var labels = (0..<count).map(String.init)
        switch names {
        case nil:
            break
        case .array(let elements):
            guard elements.count == count else {
                throw ModelError("\(reader.place): \(key) has \(elements.count) names; expected \(count), one for each of num_classes.")
            }
            for (index, element) in elements.enumerated() {
                guard let name = element.label else { throw reader.refusal("\(key)[\(index)]", element, expected: "a string") }
                labels[index] = name
            }
        case .object(let byIndex):
            for (text, element) in byIndex.sorted(by: { $0.key < $1.key }) {
                guard let index = Int(text), String(index) == text, labels.indices.contains(index), let name = element.label else {
                    throw reader.refusal(
                        "\(key)[\"\(text.shown(limit: 80))\"]", element, expected: "an index from 0 to \(count - 1) and a string")
                }
                labels[index] = name
            }
        case let value?:
            throw reader.refusal(key, value, expected: "a list of \(count) strings, or an object from index to string")
        }
        return labels
    }
}

extension JSONValue {
    /// A label: a string, or a number as text, since some files name their classes by numbers.
    fileprivate var label: String? {
        switch self {
        case .string(let text): text
        case .number: description
        default: nil
        }
    }
}
