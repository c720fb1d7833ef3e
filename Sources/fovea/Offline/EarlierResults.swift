import FoundationEssentials
import FoveaSystem

/// What an earlier run wrote to a result file before it ended or was cut off.
struct EarlierResults {
    /// The pictures that there are whole results of.
    private(set) var paths: Set<String> = []
    /// The bytes of the file that hold them; what follows is a result in part.
    private(set) var length = 0

    /// Reads a result file of JSON lines or CSV, which may be larger than memory.
    ///
    /// - Parameter files: the pictures of this run.
    init(path: String, format: ResultFormat, files: [String]) throws {
        do {
            let reader = try LineReader(path)
            switch format {
            case .json: try readLines(reader, path)
            case .csv: try readRecords(reader, path, files)
            // `--resume` goes with the others alone, so that this file is new.
            case .text: break
            }
        } catch let error as LineReader.Failure {
            throw Failure(description: "'\(path)' cannot be read: \(error).")
        }
    }

    private struct Line: Decodable {
        let path: String
    }

    private mutating func readLines(_ reader: LineReader, _ path: String) throws {
        let decoder = JSONDecoder()
        var number = 0
        // A line without an end is one in part.
        while let line = try reader.next(), line.last == UInt8(ascii: "\n") {
            number += 1
            guard let result = try? decoder.decode(Line.self, from: Data(line)) else {
                throw Failure(description: "'\(path)' is no result of --format json: line \(number) has no path.")
            }
            paths.insert(result.path)
            length += line.count
        }
    }

    /// A picture has several records, as many as any other. Those of the last one may be in part; then they are taken away, for this run to write them.
    private mutating func readRecords(_ reader: LineReader, _ path: String, _ files: [String]) throws {
        let header = Array(ResultFormat.csv.header.utf8)
        let first = try reader.next() ?? []
        guard first == header else {
            guard header.starts(with: first) else { throw Failure(description: "'\(path)' is no result of --format csv.") }
            return
        }
        length = header.count
        var last: String?
        var (records, most) = (0, 0)
        var position = header.count
        while let record = try Self.record(reader) {
            let cell = Self.firstCell(record)
            if let last, last != cell {
                paths.insert(last)
                length = position
                (records, most) = (0, max(most, records))
            }
            last = cell
            records += 1
            position += record.count
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

    /// The next record (RFC 4180): lines up to one that ends outside quotation marks, of which there are two then for each cell and each mark
    /// within one; `nil` for a record in part.
    private static func record(_ reader: LineReader) throws -> [UInt8]? {
        var record: [UInt8] = []
        var marks = 0
        while let line = try reader.next(), line.last == UInt8(ascii: "\n") {
            record += line
            marks += line.count { $0 == UInt8(ascii: "\"") }
            if marks % 2 == 0 { return record }
        }
        return nil
    }

    private static func firstCell(_ record: [UInt8]) -> String {
        var cell: [UInt8] = []
        var isQuoted = false
        for (position, byte) in record.enumerated() {
            if byte == UInt8(ascii: "\"") {
                // A doubled quotation mark within quotes closes and opens them at once.
                if !isQuoted, position > 0, record[position - 1] == byte { cell.append(byte) }
                isQuoted.toggle()
            } else if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
                break
            } else {
                cell.append(byte)
            }
        }
        return String(decoding: cell, as: UTF8.self)
    }
}
