import Foundation
import FoveaHTTPTesting
import FoveaSystem
import Testing

/// The server as an operator meets it: signals, and what its machine runs out of.
@Suite(.serialized) struct OperationsTests {
    let cat: Data
    let folder: URL

    init() throws {
        cat = try Data(contentsOf: URL(filePath: Executable.file("docs/images/cat.jpg")))
        folder = FileManager.default.temporaryDirectory.appending(path: "fovea-operations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: file(name))
        return file(name).path(percentEncoded: false)
    }

    /// A models folder with one of the shipped models under a name.
    private func models(_ name: String) throws -> String {
        let models = file("models")
        try? FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: URL(filePath: Executable.file("weights/odresnet-cifar10")), to: models.appending(path: name))
        return models.path(percentEncoded: false)
    }

    private func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test func aSecondSignalEndsTheProcessAtOnce() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ServerProcess(
            models: Executable.file("weights"), arguments: ["--drain-timeout-s", "600", "--header-timeout-s", "600"])
        // A request that never becomes whole keeps the drain going.
        let slow = try SocketStream(port: server.port)
        try await slow.send(Array("POST /classify HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nx".utf8))
        #expect(try await server.get("/livez").status == 200)
        kill(server.process.processIdentifier, SIGINT)
        #expect(
            try await eventually {
                (try? SocketStream(port: server.port)) == nil
            }, "the listener closes")
        #expect(server.process.isRunning)
        let signalled = Instant.now
        kill(server.process.processIdentifier, SIGTERM)
        server.process.waitUntilExit()
        #expect(signalled.duration(to: .now) < .seconds(4), "the request has five seconds of grace still")
        #expect(server.process.terminationReason == .exit && server.process.terminationStatus == 128 + SIGTERM)
    }

    /// Its workers are in the pass that warms a model up, and the C libraries must not be taken down under them.
    @Test(arguments: [0, 5, 20, 50, 100, 200]) func aServerThatIsStoppedWhileItReadsItsModelsEndsWell(milliseconds: Int) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = Executable.process(["serve", "--models", Executable.file("weights"), "--port", "0", "--log-level", "critical"])
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        try await Task.sleep(for: .milliseconds(milliseconds))
        server.terminate()
        server.waitUntilExit()
        #expect(server.terminationReason == .exit && server.terminationStatus == 0)
    }

    @Test func aHangupReadsModelsAndTokensAgain() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let admins = try write("first\n", to: "admins")
        let server = try await ServerProcess(models: try models("one"), arguments: ["--admin-token-file", admins])
        func load(_ model: String, token: String) async throws -> Int {
            try await server.post("/models/\(model)/load", Data(), token: token).status
        }
        #expect(try await load("one", token: "first") == 200)
        #expect(try await load("one", token: "second") == 403)
        #expect(try await server.post("/classify?model=two", cat).status == 404)
        _ = try write("# rotated\nsecond\n", to: "admins")
        _ = try models("two")
        kill(server.process.processIdentifier, SIGHUP)
        #expect(try await eventually { try await server.post("/classify?model=two", cat).status == 200 })
        #expect(try await load("two", token: "second") == 200)
        #expect(try await load("two", token: "first") == 403)
        #expect(try await server.get("/readyz").status == 200)
    }

    @Test func aTokenFileThatIsAPipeKeepsNoSignalFromBeingHeard() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (users, admins, log) = (try write("user\n", to: "users"), try write("first\n", to: "admins"), file("log"))
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        func told() throws -> String { String(decoding: try Data(contentsOf: log), as: UTF8.self) }
        let server = try await ServerProcess(
            models: try models("one"), arguments: ["--token-file", users, "--admin-token-file", admins],
            log: try FileHandle(forWritingTo: log))
        defer { if server.process.isRunning { kill(server.process.processIdentifier, SIGKILL) } }
        try FileManager.default.removeItem(at: file("users"))
        #expect(mkfifo(users, 0o600) == 0)
        _ = try write("second\n", to: "admins")
        kill(server.process.processIdentifier, SIGHUP)
        #expect(try await eventually { try told().contains("it is not a regular file") })
        #expect(try await eventually { try await server.post("/models/one/load", Data(), token: "second").status == 200 })
        #expect(try await server.post("/models/one/load", Data(), token: "first").status == 403)
        #expect(try await server.post("/classify", cat, token: "user").status == 200)
        server.process.terminate()
        #expect(try await eventually { !server.process.isRunning })
        guard !server.process.isRunning else { return }
        #expect(server.process.terminationReason == .exit && server.process.terminationStatus == 0)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs the openssl program"))
    func aHangupReadsTheCertificateAgain() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (file("tls.pem").path(percentEncoded: false), file("tls.key").path(percentEncoded: false))
        func openssl(_ arguments: String) throws -> String {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/openssl")
            process.arguments = arguments.split(separator: " ").map(String.init)
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self)
        }
        func make(_ name: String) throws {
            _ = try openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name) -keyout \(key) -out \(certificate)"
            )
        }
        try make("first")
        let server = Executable.process([
            "serve", "--models", try models("one"), "--port", "0", "--tls-certificate", certificate, "--tls-key", key, "--log-level",
            "critical",
        ])
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        defer { server.terminate() }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber })
        #expect(line.contains("https://"))
        func served() throws -> String { try openssl("s_client -connect 127.0.0.1:\(port)") }
        #expect(try served().contains("CN = first"))
        try make("second")
        kill(server.processIdentifier, SIGHUP)
        #expect(try await eventually { try served().contains("CN = second") })
        // A certificate that is no certificate changes nothing.
        _ = try write("nonsense", to: "tls.pem")
        kill(server.processIdentifier, SIGHUP)
        try await Task.sleep(for: .milliseconds(300))
        #expect(try served().contains("CN = second"))
    }

    /// A model directory that is given in place of the folder above it, as it often is.
    @Test func aServerWithoutModelsSaysSo() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = file("log")
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        let model = Executable.file("weights/odresnet-cifar10")
        let server = try await ServerProcess(
            models: model, arguments: ["--log-level", "warning"], log: try FileHandle(forWritingTo: log))
        func told() throws -> String { String(decoding: try Data(contentsOf: log), as: UTF8.self) }
        #expect(try await eventually { try told().contains("There is no model: ") && told().contains(model) })
        #expect(try await server.post("/classify", cat).status == 503)
    }

    @Test func aServerWithoutDescriptorsRecoversAndSaysSo() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = file("log")
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        let server = try await ServerProcess(
            models: try models("one"), arguments: ["--log-level", "warning"], log: try FileHandle(forWritingTo: log))
        // What it may open is taken from it while it runs: at its start it fits its connections to the limit.
        let limit = try Process.run(
            URL(filePath: "/usr/bin/prlimit"), arguments: ["--pid", "\(server.process.processIdentifier)", "--nofile=64:1024"])
        limit.waitUntilExit()
        #expect(limit.terminationStatus == 0)
        var clients = [try SocketStream(port: server.port)]
        let first = TestConnection(stream: clients[0])
        try await first.send("POST /classify?attention=none HTTP/1.1\r\nHost: t\r\nContent-Length: \(cat.count)\r\n\r\n")
        clients += try (1..<100).map { _ in try SocketStream(port: server.port) }
        func told() throws -> String { String(decoding: try Data(contentsOf: log), as: UTF8.self) }
        #expect(try await eventually { try told().contains("No connection can be accepted for now.") })
        // Those that have a request under way are served all the while.
        try await first.send(Array(cat))
        #expect(try await first.response()?.status == 200)
        clients.removeAll()
        #expect(try await server.post("/classify", cat).status == 200)
        #expect(try told().components(separatedBy: "No connection can be accepted").count == 2, "told once, not for each of them")
    }

    @Test func connectionsFitTheDescriptors() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = file("log")
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        let server = try await ServerProcess(
            models: try models("one"), arguments: ["--log-level", "warning"], prelude: "ulimit -n 128",
            log: try FileHandle(forWritingTo: log))
        func told() throws -> String { String(decoding: try Data(contentsOf: log), as: UTF8.self) }
        #expect(try await eventually { try told().contains("connections=96") || told().contains(#""connections":"96""#) })
        // Those that say nothing make room.
        let clients = try (0..<150).map { _ in try SocketStream(port: server.port) }
        #expect(try await server.post("/classify", cat).status == 200)
        #expect(try !told().contains("No connection can be accepted"))
        for client in clients { await client.close() }
    }

    /// Of a user of its own, since root may list any.
    @Test(.enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")))
    func aModelWhoseDirectoryCannotBeListedIsServedOn() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (models, log, copy) = (try models("one"), file("log"), file("fovea").path(percentEncoded: false))
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        func told() throws -> String { String(decoding: try Data(contentsOf: log), as: UTF8.self) }
        let server = try await ServerProcess(
            models: models, prelude: "cp \"$0\" '\(copy)'; exec setpriv --reuid 65534 --clear-groups '\(copy)' \"$@\"",
            log: try FileHandle(forWritingTo: log))
        #expect(chmod("\(models)/one", 0) == 0)
        kill(server.process.processIdentifier, SIGHUP)
        #expect(try await eventually { try told().contains("cannot be listed") })
        #expect(try told().contains("the one read before is still served"))
        #expect(try await server.post("/classify?model=one", cat).status == 200)
        #expect(chmod("\(models)/one", 0o755) == 0)
        kill(server.process.processIdentifier, SIGHUP)
        #expect(
            try await eventually {
                String(decoding: try await server.get("/models/one").body, as: UTF8.self).contains("cannot be listed") == false
            })
    }

    @Test func theLimitOfConnectionsIsTold() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = file("log")
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        let server = try await ServerProcess(
            models: try models("one"), arguments: ["--log-level", "warning", "--max-connections", "8"],
            log: try FileHandle(forWritingTo: log))
        let metrics = String(decoding: try await server.get("/metrics").body, as: UTF8.self)
        #expect(metrics.contains("\nfovea_connections 1\n"))
        var clients = try (0..<20).map { _ in try SocketStream(port: server.port) }
        func told() throws -> Int {
            let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
            return text.components(separatedBy: "As many connections are open as may be").count - 1
        }
        #expect(try await eventually { try told() == 1 })
        clients.removeAll()
        #expect(try await server.get("/livez").status == 200)
        #expect(try told() == 1, "told once, not for each of them")
    }

    /// Of a user of its own, since limits do not bind root; beside as many threads as OpenBLAS starts by itself there are none or too few.
    @Test(.enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")), arguments: [(1, 0), (2, 3)])
    func aServerWithTooFewThreadsEndsAndSaysWhy(_ threadsOfEachProcessor: Int, _ more: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // The thread sanitizer starts one of its own.
        let sanitizer = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil ? 0 : 1
        let limit = threadsOfEachProcessor * ProcessInfo.processInfo.activeProcessorCount + more + sanitizer
        let copy = file("fovea").path(percentEncoded: false)
        let user = Int.random(in: 100_000..<1_000_000)
        let run = "exec prlimit --nproc=\(limit) setpriv --reuid \(user) --clear-groups '\(copy)' \"$@\""
        let outcome = try Executable.run(
            ["serve", "--models", folder.path(percentEncoded: false), "--port", "0"], prelude: "cp \"$0\" '\(copy)'; \(run)")
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("more threads; it needs") && outcome.errors.contains("pids.max"), "\(outcome.errors)")
    }

    @Test(arguments: ["text", "json"]) func aFullDiskUnderTheLogEndsNothing(_ format: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ServerProcess(
            models: Executable.file("weights"), arguments: ["--log-format", format, "--log-level", "trace"],
            log: FileHandle(forWritingAtPath: "/dev/full"))
        for _ in 0..<20 { #expect(try await server.post("/classify?attention=none", cat).status == 200) }
        server.process.terminate()
        server.process.waitUntilExit()
        #expect(server.process.terminationReason == .exit && server.process.terminationStatus == 0)
    }

    @Test(arguments: ["text", "json"]) func aLogReaderThatEndsEndsNothing(_ format: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = Pipe()
        let server = try await ServerProcess(
            models: Executable.file("weights"), arguments: ["--log-format", format, "--log-level", "trace"], log: log)
        try log.fileHandleForReading.close()
        for _ in 0..<20 { #expect(try await server.get("/livez").status == 200) }
        #expect(server.process.isRunning)
    }

    @Test(arguments: ["text", "json"]) func aLogReaderThatStandsStillHoldsNothingUp(_ format: String) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = Pipe()
        let server = try await ServerProcess(
            models: try models("one"), arguments: ["--log-format", format, "--log-level", "info"], log: log)
        // Five times what the pipe holds.
        for _ in 0..<2_000 { #expect(try await server.get("/v1/none").status == 404) }
        server.process.terminate()
        server.process.waitUntilExit()
        #expect(server.process.terminationReason == .exit && server.process.terminationStatus == 0)
        try? log.fileHandleForWriting.close()
        let text = String(decoding: try log.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        // Sixteen pages, which may each hold one write of little more than half a page.
        #expect(text.utf8.count > 25_000 && text.contains("404"), "and it wrote what the pipe holds")
    }

    /// Else a connection or a file would have the number of what is closed, and get what is printed.
    @Test func closedStandardDescriptorsAreNobodysNumbers() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await ServerProcess(models: try models("one"), arguments: ["--log-level", "trace"], prelude: "exec <&- 2>&-")
        #expect(try await server.post("/classify", cat).status == 200)
        for descriptor in [0, 2] {
            let link = "/proc/\(server.process.processIdentifier)/fd/\(descriptor)"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/null")
        }
    }

    @Test func aKilledServerIsBackOnItsPortAtOnce() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let models = try models("one")
        let first = try await ServerProcess(models: models)
        #expect(try await first.post("/classify", cat).status == 200)
        let port = first.port
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()
        let second = try await ServerProcess(models: models, arguments: ["--port", "\(port)"])
        #expect(second.port == port)
        #expect(try await second.post("/classify", cat).status == 200)
    }

    @Test(arguments: ["--header-timeout-s", "--idle-timeout-s"]) func aTimeoutOfNothingIsWrongUsage(_ option: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // Another address than one of this machine: a server that took the option would end for that, and not run on.
        let outcome = try Executable.run("serve", "--host", "192.0.2.1", "--port", "0", option, "0")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("\(option) is 0.0; expected a number from 0.1 to 86400.0."), "\(outcome.errors)")
    }

    @Test func aWindowThatOutlastsTheDeadlineIsWrongUsage() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try Executable.run("serve", "--host", "192.0.2.1", "--port", "0", "--batch-window-ms", "60", "--deadline-ms", "50")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("--batch-window-ms (60) must be less than --deadline-ms (50)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("Usage: fovea serve"), "\(outcome.errors)")
    }

    @Test func aBodyThatCouldNeverBeTakenIsWrongUsage() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try Executable.run(
            "serve", "--host", "192.0.2.1", "--port", "0", "--max-body-mb", "200", "--max-body-total-mb", "100")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("--max-body-total-mb (100) must be at least --max-body-mb (200)"), "\(outcome.errors)")
    }

    @Test func aWrongTokenFileIsNamedAtTheStart() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = try write("# none yet\n", to: "tokens")
        let outcome = try Executable.run("serve", "--port", "0", "--token-file", empty)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(empty) && outcome.errors.contains("holds no token"))
    }
}
