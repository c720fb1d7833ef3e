import FoveaHTTP
import Logging
import Synchronization
import Testing

@testable import FoveaServing

@Suite struct LogHandlerTests {
    /// The lines that a handler wrote.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }

        func add(_ line: [UInt8]) {
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    private func text(_ lines: Lines) -> Logger {
        Logger(label: "fovea.test") { label in LineLogHandler(label: label, format: .text) { lines.add($0) } }
    }

    @Test func aLineOfTextHoldsTimeLevelLoggerMessageAndMetadataByName() throws {
        let lines = Lines()
        var logger = text(lines)
        logger[metadataKey: "zone"] = "a"
        logger.warning("Read.", metadata: ["id": "7", "model": "one two", "empty": "", "zone": "b"])
        let line = try #require(lines.all.first)
        let (time, rest) = (line.prefix(24), line.dropFirst(24))
        #expect(rest == " warning fovea.test: Read. empty=\"\" id=7 model=\"one two\" zone=b\n")
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }

    @Test func nothingThatAClientSendsMakesASecondLine() throws {
        let lines = Lines()
        text(lines).error("a\nb\u{7f}c", metadata: ["path": "/x\n2026 error: forged", "quote": "\"", "tab": "a\tb"])
        let line = try #require(lines.all.first)
        #expect(line.filter(\.isNewline).count == 1)
        #expect(line.contains(#"a b c path="/x\n2026 error: forged" quote="\"" tab="a\tb""#))
    }

    @Test func linesBelowTheLevelAreNotWritten() {
        let lines = Lines()
        var logger = text(lines)
        logger.logLevel = .warning
        logger.info("no")
        logger.warning("yes")
        #expect(lines.all.count == 1)
    }

    @Test func timesAreThoseOfRFC3339() throws {
        #expect(HTTPDate.timestamp(unixTime: 0) == "1970-01-01T00:00:00")
        #expect(HTTPDate.timestamp(unixTime: 784_111_777) == "1994-11-06T08:49:37")
        #expect(HTTPDate.timestamp(unixTime: 951_782_400) == "2000-02-29T00:00:00")
        #expect(HTTPDate.current(unixTime: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.current(unixTime: 784_111_778) == "Sun, 06 Nov 1994 08:49:38 GMT")
    }

    @Test func idsDoNotComeTwice() {
        let ids = Set((0..<10_000).map { _ in RequestID.make() })
        #expect(ids.count == 10_000)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.utf8.allSatisfy { ASCII.hexValue($0) != nil } })
    }
}
