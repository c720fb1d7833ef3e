import ArgumentParser
import FoundationEssentials
import FoveaJSON
import FoveaServing

/// How `fovea classify` prints its results.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv

    /// What comes before the first result.
    var header: String {
        self == .csv ? "path,rank,index,label,probability,logit\n" : ""
    }

    /// A picture's result, with line ends.
    func lines(_ path: String, _ classification: Classification) -> [UInt8] {
        switch self {
        case .text:
            let classes = classification.predictions.map { "\($0.label.shown(limit: .max)) \((100 * $0.probability).fixed(1)) %" }
            return Array("\(path): \(classes.joined(separator: ", "))\n".utf8)
        case .csv:
            let rows = classification.predictions.enumerated().map { rank, prediction in
                let cells = [
                    path, "\(rank + 1)", "\(prediction.index)", prediction.label, "\(prediction.probability)", "\(prediction.logit)",
                ]
                return cells.map(Self.quoted).joined(separator: ",") + "\n"
            }
            return Array(rows.joined().utf8)
        case .json:
            return Self.object(path) {
                $0.key("result"); classification.write(to: &$0)
            }
        }
    }

    /// A picture that failed: only JSON has a place for it; `text` and `csv` readers find it on standard error.
    func lines(_ path: String, _ error: ClassificationError) -> [UInt8] {
        guard self == .json else { return [] }
        return Self.object(path) {
            $0.member("error", error.detail)
        }
    }

    private static func object(_ path: String, _ member: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("path", path)
            member(&writer)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// A cell as RFC 4180 wants it.
    private static func quoted(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return cell }
        return "\"" + cell.escaping(["\"": "\"\""]) + "\""
    }
}
