import Dispatch
import Foundation
import FoveaSystem
import Testing

@testable import FoveaServing

@Suite struct LogQueueTests {
    /// A named pipe: what was written to it, and no more room than the system gives it.
    private final class NamedPipe {
        private let path = FileManager.default.temporaryDirectory.appending(path: "fovea-log-\(UUID())").path(percentEncoded: false)
        private let reader: Int32

        init() throws {
            try #require(mkfifo(path, 0o600) == 0)
            reader = open(path, O_RDONLY | O_NONBLOCK)
            try #require(reader >= 0)
        }

        deinit {
            close(reader)
            try? FileManager.default.removeItem(atPath: path)
        }

        func writer() throws -> OutputFile { try OutputFile(path, isNew: false) }

        /// What lies in the pipe.
        func read() -> String {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let count = Glibc.read(reader, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }

        /// Reads until `queue` has nothing more to write.
        func drain(_ queue: LogQueue) -> String {
            var text = ""
            repeat { text += read() } while !queue.flush(within: .milliseconds(20))
            return text + read()
        }
    }

    private func line(_ number: Int) -> [UInt8] { Array("line \(number) \(String(repeating: "x", count: 90))\n".utf8) }

    @Test func writesWholeLinesOfAllThreads() throws {
        let pipe = try NamedPipe()
        let queue = LogQueue(format: .text, file: try pipe.writer(), capacity: 1 << 20)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for index in 0..<100 { queue.add(line(1_000 * thread + index)) }
        }
        let lines = pipe.drain(queue).split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        #expect(lines.count == 400 && queue.lost == 0)
        for thread in 0..<4 { #expect(lines.filter { $0 / 1_000 == thread } == (0..<100).map { 1_000 * thread + $0 }) }
    }

    @Test(arguments: LogFormat.allCases) func aReaderThatStandsStillHoldsNobodyUpAndIsToldWhatItMissed(_ format: LogFormat) throws {
        let pipe = try NamedPipe()
        let queue = LogQueue(format: format, file: try pipe.writer(), capacity: 10_000)
        // As many as may wait, until the pipe is full; it holds 64 KiB.
        var count = 0
        func add(_ more: Int) {
            for number in count..<count + more { queue.add(line(number)) }
            count += more
        }
        repeat { add(90) } while queue.flush(within: .milliseconds(200)) && count < 10_000
        #expect(queue.lost == 0 && count < 10_000, "nobody reads")
        add(1_000)
        let lost = queue.lost
        #expect(lost > 800 && lost < 1_000)
        let lines = pipe.drain(queue).split(separator: "\n")
        let notes = lines.filter { $0.contains("were lost") }
        #expect(lines.count - notes.count == count - lost)
        #expect(notes.allSatisfy { $0.contains(format == .text ? " warning fovea: " : #""level":"warning""#) })
        #expect(notes.compactMap { $0.split { !$0.isNumber }.last.flatMap { Int($0) } }.reduce(0, +) == lost)
        queue.add(line(5_000))
        #expect(pipe.drain(queue).hasPrefix("line 5000 "), "it goes on, and what was lost is told once")
        #expect(queue.lost == lost)
    }

    @Test func countsWhatAFullDiskDidNotTake() throws {
        let queue = LogQueue(format: .text, file: try OutputFile("/dev/full", isNew: false), capacity: 1 << 20)
        for number in 0..<7 { queue.add(line(number)) }
        #expect(queue.flush(within: .seconds(10)))
        #expect(queue.lost == 7)
    }
}
