import Foundation
import FoveaHTTP
import FoveaHTTPTesting
import HTTPTypes
import Logging
import Testing

@testable import FoveaServing

@Suite struct AccessTests {
    private let files: TemporaryFolder

    init() throws {
        files = try TemporaryFolder()
        try files.write("user-1\nuser-2\n", to: "users")
        try files.write("# on call\nadmin-1\n", to: "admins")
    }

    private func path(_ name: String) -> String { files.url.appending(path: name).path(percentEncoded: false) }

    private func harness(users: Bool = true, admins: Bool = true) throws -> ServingHarness {
        let harness = try ServingHarness {
            $0.tokenFile = users ? path("users") : nil
            $0.adminTokenFile = admins ? path("admins") : nil
        }
        try harness.server.access.read()
        return harness
    }

    @Test func withoutFilesEverythingIsOpenAndNothingIsAdministered() async throws {
        let server = try harness(users: false, admins: false)
        #expect(await server.send(.get, "/models").status == 200)
        #expect(await server.send(.post, "/models/alpha/load", token: "admin-1").status == 404)
        #expect(await server.send(.post, "/models/alpha/unload").status == 404)
    }

    @Test func everythingButTheProbesNeedsAToken() async throws {
        let server = try harness()
        for path in ["/livez", "/readyz"] { #expect(await server.send(.get, path).status == 200, "\(path)") }
        for path in ["/models", "/models/alpha", "/openapi.json", "/nothing", "*", "/livez/"] {
            let answer = await server.send(.get, path)
            #expect(answer.status == 401, "\(path)")
            #expect(answer.fields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            #expect(await server.send(.get, path, token: "user-3").status == 403, "\(path)")
        }
        #expect(await server.send(.post, "/classify", body: try TestPictures.grey(1)).status == 401)
        for token in ["user-1", "user-2", "admin-1"] {
            #expect(await server.send(.get, "/models", token: token).status == 200)
            #expect(await server.send(.get, "/nothing", token: token).status == 404)
            #expect(await server.send(.post, "/classify", body: try TestPictures.grey(1), token: token).status == 200)
        }
    }

    @Test func adminRoutesNeedAnAdminsToken() async throws {
        for users in [true, false] {
            let server = try harness(users: users)
            let missing = await server.send(.post, "/models/alpha/unload")
            #expect(missing.status == 401 && missing.fields[.wwwAuthenticate] == #"Bearer realm="fovea""#)
            let wrong = await server.send(.post, "/models/alpha/unload", token: "user-1")
            #expect(wrong.status == 403)
            #expect(wrong.fields[.wwwAuthenticate]?.contains(users ? "insufficient_scope" : "invalid_token") == true)
            #expect(!wrong.text.contains("user-1"), "a token is never sent back")
            #expect(await server.send(.get, "/models/alpha", token: "admin-1").json["state"] == .string("ready"))
        }
    }

    @Test func aModelIsUnloadedAndLoadedAgain() async throws {
        let server = try harness(users: false)
        let picture = try TestPictures.grey(255)
        let gone = await server.send(.post, "/models/alpha/unload", token: "admin-1")
        #expect(gone.status == 200 && gone.json["state"] == .string("unloaded"))
        #expect(await server.classify("?model=alpha", body: picture).status == 503)
        #expect(await server.classify("?model=beta", body: picture).status == 200)
        let back = await server.send(.post, "/models/alpha/load", token: "admin-1")
        #expect(back.status == 200 && back.json["state"] == .string("ready") && back.json["version"] == .string("2"))
        #expect(await server.classify("?model=alpha", body: picture).status == 200)
    }

    @Test func aModelThatCannotBeLoadedSaysWhy() async throws {
        let server = try harness(users: false)
        let broken = await server.send(.post, "/models/omega/load", token: "admin-1")
        #expect(broken.status == 409 && broken.detail.contains("fc.weight"))
        for verb in ["load", "unload"] {
            let unknown = await server.send(.post, "/models/..%2Falpha/\(verb)", token: "admin-1")
            #expect(unknown.status == 404 && unknown.detail.contains("alpha, beta, omega"))
        }
        try server.folder.write("fine now", to: "omega/config.json")
        #expect(await server.send(.post, "/models/omega/load", token: "admin-1").status == 200)
        try server.folder.write("new", to: "gamma/config.json")
        #expect(await server.send(.post, "/models/gamma/load", token: "admin-1").status == 200)
    }

    @Test(arguments: ["/models/alpha/load", "/v2/repository/models/alpha/load"])
    func aLoadThatRefusesAnyVersionSaysWhichAndTheOthersAreServed(_ path: String) async throws {
        let server = try harness(users: false)
        func load() async -> Answer { await server.send(.post, path, token: "admin-1") }
        try server.folder.write("broken", to: "alpha/3/config.json")
        let new = await load()
        #expect(new.status == 409 && new.text.contains("Version 3 of the model 'alpha' was refused: tensor 'fc.weight' is missing"))
        #expect(!new.text.contains("Version 2") && !new.text.contains("Version 1"))
        let store = server.server.service.store
        #expect(store.listing().prefix(3).map { "\($0.version) \($0.state.rawValue)" } == ["3 refused", "2 ready", "1 ready"])
        try server.folder.write("alpha", to: "alpha/3/config.json")
        #expect(await load().status == 200)
        // One that is not the default version, and is served as it was.
        try server.folder.write("broken", to: "alpha/1/config.json")
        let old = await load()
        #expect(old.status == 409 && old.text.contains("Version 1 of the model 'alpha' was refused"))
        #expect(await server.classify("?model=alpha&version=1", body: try TestPictures.grey(255)).status == 200)
        #expect(await server.classify("?model=alpha&version=3", body: try TestPictures.grey(255)).status == 200)
        try server.folder.write("alpha", to: "alpha/1/config.json")
        #expect(await load().status == 200)
    }

    @Test func anUnloadedDefaultModelStaysTheDefaultUntilItIsLoaded() async throws {
        let server = try harness(users: false)
        let picture = try TestPictures.grey(255)
        #expect(await server.classify(body: picture).json["model"] == .string("alpha"))
        #expect(await server.send(.post, "/models/alpha/unload", token: "admin-1").json["default"] == .bool(true))
        let gone = await server.classify(body: picture)
        #expect(gone.status == 503 && gone.detail.contains("'alpha' was unloaded"))
        #expect(await server.classify("?model=beta", body: picture).status == 200)
        #expect(await server.send(.post, "/models/alpha/load", token: "admin-1").status == 200)
        #expect(await server.classify(body: picture).json["model"] == .string("alpha"))
    }

    @Test func anAnswerHoldsNoPathOfTheMachine() async throws {
        let server = try harness()
        try FileManager.default.moveItem(at: server.folder.url, to: server.folder.url.appendingPathExtension("gone"))
        defer { try? FileManager.default.removeItem(at: server.folder.url.appendingPathExtension("gone")) }
        let answers = [
            await server.send(.post, "/models/alpha/load", token: "admin-1"),
            await server.send(.post, "/models/nobody/load", token: "admin-1"),
            await server.send(.get, "/models", token: "admin-1"), await server.send(.get, "/readyz"),
        ]
        #expect(answers.map(\.status) == [503, 503, 200, 200])
        let temporary = server.folder.url.deletingLastPathComponent().path(percentEncoded: false)
        for answer in answers { #expect(!answer.text.contains(temporary) && !answer.text.contains(server.folder.url.lastPathComponent)) }
        #expect(await server.classify(body: try TestPictures.grey(1)).status == 401, "and the models read before still answer:")
        #expect(await server.send(.post, "/classify", body: try TestPictures.grey(1), token: "user-1").status == 200)
    }

    @Test func tokensAreReadAgainAndWrongFilesChangeNothing() async throws {
        let server = try harness()
        try files.write("user-3\n", to: "users")
        server.server.access.reload()
        #expect(await server.send(.get, "/models", token: "user-1").status == 403)
        #expect(await server.send(.get, "/models", token: "user-3").status == 200)
        try files.write("user 4\n", to: "users")
        server.server.access.reload()
        #expect(await server.send(.get, "/models", token: "user-3").status == 200)
    }

    @Test func aWrongFileHoldsUpNoRevocationInTheOther() async throws {
        let server = try harness()
        try files.write("user 3\n", to: "users")
        try files.write("admin-2\n", to: "admins")
        server.server.access.reload()
        #expect(await server.send(.post, "/models/beta/load", token: "admin-1").status == 403)
        #expect(await server.send(.post, "/models/beta/load", token: "admin-2").status == 200)
        #expect(await server.send(.get, "/models", token: "user-1").status == 200)
        try files.write("user-3\n", to: "users")
        try files.write("", to: "admins")
        server.server.access.reload()
        #expect(await server.send(.get, "/models", token: "user-1").status == 403)
        #expect(await server.send(.get, "/models", token: "user-3").status == 200)
        #expect(await server.send(.post, "/models/beta/load", token: "admin-2").status == 200)
    }

    /// A log that stands still takes the place of a disk that does.
    @Test func aReloadHoldsUpNobodyWhoAsksForIt() async throws {
        let gate = Gate()
        let logger = Logger(label: "test") { label in LineLogHandler(label: label, format: .text) { _ in gate.pass() } }
        let server = try ServingHarness(logger: logger) { $0.tokenFile = path("users") }
        try server.server.access.read()
        gate.close()
        for _ in 0..<10 { server.server.reload() }
        #expect(await eventually { gate.waiting == 1 })
        #expect(await server.send(.get, "/models", token: "user-1").status == 200)
        try files.write("user-3\n", to: "users")
        gate.open()
        var status = 0
        for _ in 0..<1000 where status != 200 {
            try await Task.sleep(for: .milliseconds(5))
            status = await server.send(.get, "/models", token: "user-3").status
        }
        #expect(status == 200)
    }

    @Test func aServerWithAWrongTokenFileDoesNotStart() throws {
        try files.write("\n", to: "admins")
        let server = try ServingHarness { $0.adminTokenFile = path("admins") }
        #expect(throws: TokenFile.Unusable.self) { try server.server.start() }
    }

    @Test func tokensNotReadYetOpenNothing() async throws {
        let server = try ServingHarness { $0.tokenFile = path("users") }
        #expect(await server.send(.get, "/models", token: "user-1").status == 403)
    }

    @Test func aRefusedBodyIsNotRead() async throws {
        let server = try harness()
        try await withTestServer(.socket, handler: server.server.handler) { http in
            let answer = try await http.request("POST", "/classify", fields: ["Expect": "100-continue"], body: [1, 2, 3])
            #expect(answer.status == 401)
        }
    }
}
