/// What was measured so far, picture by picture.
struct EvaluationTally {
    private struct Row {
        var deletion: [[Double]] = []
        var insertion: [[Double]] = []
        var pointing = EvaluationReport.Pointing(hits: 0, count: 0)
    }

    private let maps: EvaluatedMaps
    private let steps: Int
    private var rows: [Row]
    private var right = 0

    init(maps: EvaluatedMaps, steps: Int) {
        self.maps = maps
        self.steps = steps
        rows = maps.sources.map { _ in Row() }
    }

    mutating func add(isRight: Bool) { right += isRight ? 1 : 0 }

    /// Takes in one picture's curves for the map at `place`: probabilities at 0, 1/steps, … 1.
    mutating func add(deletion: [Double], insertion: [Double], at place: Int) {
        rows[place].deletion.append(deletion)
        rows[place].insertion.append(insertion)
    }

    mutating func add(isHit: Bool, at place: Int) {
        rows[place].pointing.hits += isHit ? 1 : 0
        rows[place].pointing.count += 1
    }

    /// The report, from one that lacks its rows.
    func report(_ head: EvaluationReport) -> EvaluationReport {
        var report = head
        report.right = right
        let random = maps.sources.lastIndex(of: .random) ?? 0
        report.rows = maps.sources.enumerated().map { place, source in
            let (method, layer) = maps.name(of: source)
            return EvaluationReport.Row(
                method: method, layer: layer, size: maps.size(of: source),
                deletion: Self.curve(rows[place].deletion, against: rows[random].deletion),
                insertion: Self.curve(rows[place].insertion, against: rows[random].insertion),
                pointing: rows[place].pointing.count > 0 ? rows[place].pointing : nil)
        }
        return report
    }

    private static func curve(_ curves: [[Double]], against random: [[Double]]) -> EvaluationReport.Curve {
        let points = curves.first?.count ?? 0
        let means = (0..<points).map { point in curves.reduce(0) { $0 + $1[point] } / Double(curves.count) }
        return EvaluationReport.Curve(
            probabilities: means, area: .init(curves.map(area)), againstRandom: .init(zip(curves, random).map { area($0) - area($1) }))
    }

    /// The area under a curve over 0 to 1, by trapezoids.
    static func area(_ curve: [Double]) -> Double {
        guard curve.count > 1, let first = curve.first, let last = curve.last else { return .nan }
        return (curve.reduce(0, +) - (first + last) / 2) / Double(curve.count - 1)
    }
}
