import FoundationEssentials
import FoveaServing

/// What `fovea explain-eval` prints.
struct EvaluationTable {
    private let report: EvaluationReport

    init(_ report: EvaluationReport) {
        self.report = report
    }

    func text() -> String {
        let right = Self.number(100 * Double(report.right) / Double(max(1, report.pictures)), 1)
        let head =
            "\(report.model), \(report.pictures) pictures, \(right) % of them named rightly; \(report.steps) steps; seed \(report.seed)\n"
            + "deletion: lower is better; insertion: higher is better; in brackets what is gained or lost against the random map, and 95 % of that\n\n"
        var table = TextTable([
            "MAP", "LAYER", "SIZE", "DELETION", "", "INSERTION", "", report.game == .grid ? "GRID POINTING" : "POINTING",
        ])
        for row in report.rows {
            table.add(
                [row.method, row.layer ?? "", row.size.map(String.init).joined(separator: "×")] + cells(row.deletion, row)
                    + cells(row.insertion, row)
                    + [pointing(row)])
        }
        return head + table.text()
    }

    private func cells(_ curve: EvaluationReport.Curve, _ row: EvaluationReport.Row) -> [String] {
        guard row.method != "random" else { return [Self.number(curve.area.mean, 3), ""] }
        let difference = curve.againstRandom
        return [
            Self.number(curve.area.mean, 3),
            "(\(difference.mean < 0 ? "" : "+")\(Self.number(difference.mean, 3)) ± \(Self.number(1.96 * difference.error, 3)))",
        ]
    }

    private func pointing(_ row: EvaluationReport.Row) -> String {
        guard let pointing = row.pointing else { return "" }
        let (low, high) = pointing.interval
        return "\(Self.number(100 * pointing.share, 1)) % (\(Self.number(100 * low, 1)) to \(Self.number(100 * high, 1)))"
    }

    func csv() -> String {
        let head =
            "map,layer,height,width,deletion,deletion_error,deletion_against_random,deletion_against_random_error,insertion,insertion_error,"
            + "insertion_against_random,insertion_against_random_error,hits,pointed\n"
        return head
            + report.rows.map { row in
                let figures = [row.deletion, row.insertion].flatMap { [$0.area, $0.againstRandom] }.flatMap {
                    ["\($0.mean)", "\($0.error)"]
                }
                let pointing = [row.pointing.map { "\($0.hits)" } ?? "", row.pointing.map { "\($0.count)" } ?? ""]
                return ([row.method, row.layer ?? ""] + row.size.map(String.init) + figures + pointing).joined(separator: ",") + "\n"
            }.joined()
    }

    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in [("model", report.model), ("version", report.version), ("pointing_game", report.game.rawValue)] {
                writer.member(key, value)
            }
            for (key, value) in [
                ("pictures", report.pictures), ("right", report.right), ("steps", report.steps), ("seed", Int(clamping: report.seed)),
            ] {
                writer.member(key, value)
            }
            writer.array("maps") { writer in
                for row in report.rows { writer.object { Self.write(row, to: &$0) } }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ row: EvaluationReport.Row, to writer: inout JSONWriter) {
        writer.member("map", row.method)
        if let layer = row.layer {
            writer.member("layer", layer)
        }
        writer.member("size", row.size)
        for (name, curve) in [("deletion", row.deletion), ("insertion", row.insertion)] {
            writer.object(name) { writer in
                for (key, estimate) in [("area", curve.area), ("against_random", curve.againstRandom)] {
                    writer.member(key, estimate.mean)
                    writer.member("\(key)_error", estimate.error)
                }
                writer.array("curve") { writer in
                    for probability in curve.probabilities { writer.value(probability) }
                }
            }
        }
        guard let pointing = row.pointing else { return }
        writer.object("pointing") { writer in
            writer.member("hits", pointing.hits)
            writer.member("count", pointing.count)
            writer.member("share", pointing.share)
            writer.array("interval") { writer in
                writer.value(pointing.interval.low)
                writer.value(pointing.interval.high)
            }
        }
    }

    /// With so many digits behind the point.
    static func number(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? value.fixed(digits) : "–"
    }
}
