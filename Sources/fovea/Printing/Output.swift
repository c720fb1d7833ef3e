import FoveaSystem

/// Results go to standard output, everything else to standard error.
enum Output {
    /// Writes results. Who closed the pipe does not want the rest: nothing is said of it.
    static func write(_ bytes: [UInt8]) {
        try? OutputFile.standardOutput.write(bytes)
    }

    /// Writes results.
    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes a line about what goes on.
    static func note(_ text: String) {
        try? OutputFile.standardError.write((text + "\n").utf8)
    }
}
