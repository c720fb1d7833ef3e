import FoveaSystem

/// Results go to standard output, everything else to standard error.
enum Output {
    /// Writes results. Who closed the pipe does not want the rest: nothing is said of it.
    ///
    /// - Throws: where standard output does not take them, such as when the disk is full; it says what to do.
    static func write(_ bytes: [UInt8]) throws {
        do {
            try OutputFile.standardOutput.write(bytes)
        } catch {
            if error.isClosedPipe { return }
            throw Failure(
                description: "Standard output does not take the results (\(error.description)); they are lost, all or in part. "
                    + "Make room there or send them elsewhere, and run this again.")
        }
    }

    /// Writes results.
    ///
    /// - Throws: as for bytes.
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes a line about what goes on.
    static func note(_ text: String) {
        try? OutputFile.standardError.write((text + "\n").utf8)
    }
}
