import Glibc

/// A text file that is read line by line, so that only one line of it is in memory.
package final class LineReader {
    /// What the system says was wrong, such as "Permission denied".
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let file: UnsafeMutablePointer<FILE>
    private var line: UnsafeMutablePointer<CChar>?
    private var capacity = 0

    /// Opens a file at its start.
    package init(_ path: String) throws(Failure) {
        guard let file = fopen(path, "re") else { throw Failure(description: String(cString: strerror(errno))) }
        self.file = file
    }

    deinit {
        free(line)
        fclose(file)
    }

    /// The next line with its end, which the last one may lack; `nil` behind it.
    package func next() throws(Failure) -> [UInt8]? {
        errno = 0
        let count = getdelim(&line, &capacity, 0x0A, file)
        guard count >= 0, let line else {
            guard feof(file) != 0 else { throw Failure(description: String(cString: strerror(errno))) }
            return nil
        }
        return Array(UnsafeRawBufferPointer(start: line, count: count))
    }
}
