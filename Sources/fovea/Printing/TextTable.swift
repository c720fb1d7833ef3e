/// Rows of text in aligned columns.
struct TextTable {
    private enum Row {
        case cells([String])
        case note(String)
    }

    private var rows: [Row]

    init(_ header: [String]) {
        rows = [.cells(header)]
    }

    /// Adds a row with as many cells as the header.
    mutating func add(_ cells: [String]) {
        rows.append(.cells(cells))
    }

    /// Adds a line of its own under the row before it.
    mutating func addNote(_ text: String) {
        rows.append(.note(text))
    }

    /// The lines, each with its end.
    func text() -> String {
        var widths: [Int] = []
        for case .cells(let cells) in rows {
            for (column, cell) in cells.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            switch row {
            case .note(let text): return "    \(text)\n"
            case .cells(let cells):
                let line = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
            }
        }.joined()
    }
}
