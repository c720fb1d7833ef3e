import FoundationEssentials

/// What an earlier run wrote to a result file before it ended or was cut off.
struct EarlierResults {
    /// The pictures that there are whole results of.
    private(set) var paths: Set<String> = []
    /// The bytes of the file that hold them; what follows is a result in part.
    private(set) var length = 0

    /// Reads a result file of JSON lines or CSV.
    ///
    /// - Parameter files: the pictures of this run.
    init(path: String, format: ResultFormat, files: [String]) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure(description: "'\(path)' cannot be read.") }
        let bytes = [UInt8](data)
        switch format {
        case .json: try readLines(bytes, path)
        case .csv: try readRecords(bytes, path, files)
        case .text: if !bytes.isEmpty { throw Failure(description: "--resume needs --format json or csv.") }
        }
    }

    private struct Line: Decodable {
        let path: String
    }

    private mutating func readLines(_ bytes: [UInt8], _ path: String) throws {
        let decoder = JSONDecoder()
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            // The piece behind the last line end is empty, or a line in part.
            guard line.endIndex < bytes.count else { break }
            guard let result = try? decoder.decode(Line.self, from: Data(line)) else {
                throw Failure(description: "'\(path)' is no result of --format json: line \(number + 1) has no path.")
            }
            paths.insert(result.path)
            length = line.endIndex + 1
        }
    }

    /// A picture has several records, as many as any other. Those of the last one may be in part; then they are taken away, for this run to write them.
    private mutating func readRecords(_ bytes: [UInt8], _ path: String, _ files: [String]) throws {
        let header = Array(ResultFormat.csv.header.utf8)
        guard bytes.starts(with: header) else {
            guard header.starts(with: bytes) else { throw Failure(description: "'\(path)' is no result of --format csv.") }
            return
        }
        length = header.count
        var last: String?
        var (records, most) = (0, 0)
        var position = header.count
        while let (cell, end) = Self.record(bytes, from: position) {
            if let last, last != cell {
                paths.insert(last)
                length = position
                (records, most) = (0, max(most, records))
            }
            last = cell
            records += 1
            position = end
        }
        guard let last else { return }
        if most > 0, records >= most {
            paths.insert(last)
            length = position
        } else if !files.contains(last) {
            throw Failure(
                description: "The results of '\(last)' in '\(path)' may be in part; name that picture again, to have them written anew.")
        }
    }

    /// The first cell of a record (RFC 4180), and where the next one begins; `nil` for a record in part.
    private static func record(_ bytes: [UInt8], from start: Int) -> (cell: String, end: Int)? {
        var cell: [UInt8] = []
        var isQuoted = false
        var isFirst = true
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                // A doubled quotation mark within quotes closes and opens them at once.
                if !isQuoted, position - 2 >= start, bytes[position - 2] == byte, isFirst { cell.append(byte) }
                isQuoted.toggle()
            } else if isQuoted {
                if isFirst { cell.append(byte) }
            } else if byte == UInt8(ascii: "\n") {
                return (String(decoding: cell, as: UTF8.self), position)
            } else if byte == UInt8(ascii: ",") {
                isFirst = false
            } else if isFirst {
                cell.append(byte)
            }
        }
        return nil
    }
}
