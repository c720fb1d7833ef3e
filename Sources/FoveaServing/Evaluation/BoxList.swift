/// Where on pictures their objects are, from a CSV file: `path,x,y,w,h`, in pixels of the upright picture, a line a box.
public struct BoxList: Sendable, Hashable {
    /// A rectangle of the upright picture, in its pixels.
    struct Box: Sendable, Hashable {
        var x, y, width, height: Double

        func contains(x: Double, y: Double) -> Bool {
            x >= self.x && x <= self.x + width && y >= self.y && y <= self.y + height
        }
    }

    private let boxes: [String: [Box]]
    /// The pictures that have boxes, each once, in the file's order.
    public let paths: [String]

    /// - Throws: the line that is no box.
    public init(csv: String) throws(ClassificationError) {
        var boxes: [String: [Box]] = [:]
        var paths: [String] = []
        for (index, line) in csv.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() where !line.isEmpty {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = cells.suffix(4).compactMap { Double($0.filter { $0 != " " }) }
            if index == 0, cells.count >= 5, numbers.isEmpty { continue }
            guard cells.count >= 5, numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[2] > 0, numbers[3] > 0 else {
                throw .badRequest("Line \(index + 1) of the boxes is '\(line.abbreviated)'; expected path,x,y,w,h with w and h above 0.")
            }
            // A path with commas is quoted (RFC 4180), and is all that can be.
            var path = cells.dropLast(4).joined(separator: ",")
            if path.count >= 2, path.hasPrefix("\""), path.hasSuffix("\"") {
                path = String(path.dropFirst().dropLast()).replacing("\"\"", with: "\"")
            }
            if boxes[path] == nil { paths.append(path) }
            boxes[path, default: []].append(Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
        }
        guard !boxes.isEmpty else { throw .badRequest("The boxes hold none; expected lines of path,x,y,w,h.") }
        self.boxes = boxes
        self.paths = paths
    }

    /// The paths with boxes that are none of the pictures', in the file's order.
    public func unknown(among pictures: [String]) -> [String] {
        let known = Set(pictures)
        return paths.filter { !known.contains($0) }
    }

    /// The boxes of a picture, by its path below the folder.
    func boxes(of path: String) -> [Box] { boxes[path] ?? [] }
}
