import FoundationEssentials
import FoveaServing

/// Deletion and insertion curves, side by side, as an SVG picture.
struct CurvePlot {
    private let report: EvaluationReport
    /// Okabe and Ito's colours, which can be told apart with any colour vision; more curves are dashed.
    private static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#332288"]
    private static let dashes = ["", "7 3", "2 3"]
    private static let (side, gap, top, left) = (320.0, 70.0, 60.0, 55.0)

    init(_ report: EvaluationReport) {
        self.report = report
    }

    func svg() -> String {
        let width = 2 * Self.left + 2 * Self.side + Self.gap
        let legend = 24 * Double((report.rows.count + 1) / 2)
        let height = Self.top + Self.side + 60 + legend + 10
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.text(width)) \(Self.text(height))\" font-family=\"sans-serif\" font-size=\"13\">",
            "<title>Deletion and insertion curves of \(Self.escaped(report.model))</title>",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            Self.label("\(report.model), \(report.pictures) pictures", x: Self.left, y: 24, anchor: "start", weight: "bold"),
        ]
        parts += panel("Deletion: lower is better", "covered share of the pixels", x: Self.left) { $0.deletion }
        parts += panel("Insertion: higher is better", "uncovered share of the pixels", x: Self.left + Self.side + Self.gap) { $0.insertion }
        for (index, row) in report.rows.enumerated() {
            let (x, y) = (Self.left + Double(index % 2) * (Self.side + Self.gap), Self.top + Self.side + 66 + 24 * Double(index / 2))
            let name = row.layer.map { "\(row.method), \($0)" } ?? row.method
            parts.append(
                "<line x1=\"\(Self.text(x))\" y1=\"\(Self.text(y))\" x2=\"\(Self.text(x + 34))\" y2=\"\(Self.text(y))\" \(Self.stroke(index, row))/>"
            )
            parts.append(Self.label(name, x: x + 42, y: y + 4, anchor: "start"))
        }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func panel(_ title: String, _ axis: String, x: Double, _ curve: (EvaluationReport.Row) -> EvaluationReport.Curve) -> [String] {
        let (top, side) = (Self.top, Self.side)
        // Up to the next tenth above everything.
        let greatest = report.rows.flatMap { report in curve(report).probabilities }.filter(\.isFinite).max() ?? 1
        let limit = min(1, max(0.1, (10 * greatest).rounded(.up) / 10))
        var parts = [Self.label(title, x: x, y: top - 12, anchor: "start")]
        for tick in 0...4 {
            let share = Double(tick) / 4
            let (across, up) = (x + share * side, top + side - share * side)
            parts.append(
                "<path d=\"M\(Self.text(x)) \(Self.text(up))h\(Self.text(side))M\(Self.text(across)) \(Self.text(top))v\(Self.text(side))\" stroke=\"#dddddd\"/>"
            )
            parts.append(Self.label(Self.text(share), x: across, y: top + side + 18, anchor: "middle"))
            parts.append(Self.label(Self.text(share * limit), x: x - 8, y: up + 4, anchor: "end"))
        }
        parts.append(Self.label(axis, x: x + side / 2, y: top + side + 38, anchor: "middle"))
        for (index, row) in report.rows.enumerated() {
            let points = curve(row).probabilities
            let places = points.enumerated().map { place, probability in
                let (across, up) = (x + side * Double(place) / Double(max(1, points.count - 1)), top + side - side * probability / limit)
                return "\(Self.text(across)),\(Self.text(up))"
            }
            parts.append("<polyline points=\"\(places.joined(separator: " "))\" \(Self.stroke(index, row))/>")
        }
        return parts
    }

    private static func stroke(_ index: Int, _ row: EvaluationReport.Row) -> String {
        if row.method == "random" {
            return "fill=\"none\" stroke=\"#000000\" stroke-width=\"2.5\" stroke-dasharray=\"1 4\" stroke-linecap=\"round\""
        }
        let dash = dashes[index / colors.count % dashes.count]
        return "fill=\"none\" stroke=\"\(colors[index % colors.count])\" stroke-width=\"2\""
            + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
    }

    private static func label(_ text: String, x: Double, y: Double, anchor: String, weight: String = "normal") -> String {
        "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" text-anchor=\"\(anchor)\" font-weight=\"\(weight)\" fill=\"#222222\">\(escaped(text))</text>"
    }

    /// Two digits behind the point at most. What is no number would make the whole picture invalid.
    private static func text(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        let rounded = (100 * number).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    private static func escaped(_ text: String) -> String {
        text.escaping(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
    }
}
