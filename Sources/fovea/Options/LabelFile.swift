import FoundationEssentials
import FoveaJSON

/// The classes' names in a file: one a line, or JSON as `label_names` of `config.json` has it, a list of strings or an object from index to string.
struct LabelFile {
    /// A list, or an object.
    let names: JSONValue
    /// How many there are.
    let count: Int

    /// - Throws: `Failure` where there is no such file, it is empty or not UTF-8, or begins as JSON and is none: half a JSON file, or Python's way
    ///   to write a list or dict, has lines too, but nobody wants their brackets for labels.
    init(_ path: String) throws {
        let name = URL(filePath: path).lastPathComponent
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { throw Failure(description: "There is no readable '\(path)'.") }
        let bytes = [UInt8](data)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
        let first = text.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            do throws(JSONFault) {
                names = try JSONValue(json: bytes)
            } catch {
                throw Failure(
                    description: "'\(name)' begins as JSON and is none, \(error). Expected a JSON list of strings, or one label a line.")
            }
        } else {
            guard first != nil, let string = String(validating: text, as: UTF8.self) else {
                throw Failure(description: "'\(name)' holds no labels in UTF-8; expected one a line, or a JSON list of strings.")
            }
            var lines = string.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
            if lines.last == "" { lines.removeLast() }
            names = .array(lines.map(JSONValue.string))
        }
        switch names {
        case .array(let elements): count = elements.count
        case .object(let members): count = members.count
        default: count = 0
        }
        guard count > 0 else { throw Failure(description: "'\(name)' holds no labels; expected one a line, or a JSON list of strings.") }
    }
}
