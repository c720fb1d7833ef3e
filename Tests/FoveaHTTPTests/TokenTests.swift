import Foundation
import FoveaHTTP
import HTTPTypes
import Testing

@Suite struct TokenTests {
    private func token(_ values: String...) -> BearerToken? {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .authorization, value: value)) }
        return BearerToken(fields)
    }

    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "fovea-tokens-\(UUID().uuidString)").path(percentEncoded: false)
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test func theTokensOfAFileAreKnownAndNoOthers() throws {
        let path = try file("# for the camera\nfirst-token\r\n\n  second.token~+/==  \n#third\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let tokens = try TokenFile(path: path)
        for known in ["first-token", "second.token~+/=="] {
            #expect(tokens.contains(try #require(token("Bearer \(known)"))))
        }
        for unknown in ["first-toke", "first-token1", "FIRST-TOKEN", "third", "second.token~+/=", "f"] {
            #expect(!tokens.contains(try #require(token("Bearer \(unknown)"))), "\(unknown)")
        }
    }

    @Test(arguments: ["", "\n\n", "# none\n", "two words\n", "ok\nwith\ttab\n", "caf\u{e9}\n", "=\n", "a=b\n"])
    func aFileWithoutTokensOrWithWrongOnesIsRefusedAndNotQuoted(_ text: String) throws {
        let path = try file(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = try #require(throws: TokenFile.Unusable.self) { try TokenFile(path: path) }
        #expect(error.description.contains(path))
        #expect(!error.description.contains("words") && !error.description.contains("caf"))
    }

    @Test func theWrongLineIsNamed() throws {
        let path = try file("good\n# a comment\nbad one\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try #require(throws: TokenFile.Unusable.self) { try TokenFile(path: path) }.description.contains("line 3"))
    }

    @Test(arguments: ["/nowhere/tokens", "/tmp", "/dev/zero"]) func whatIsNoFileOfTokensIsRefused(_ path: String) {
        #expect(throws: TokenFile.Unusable.self) { try TokenFile(path: path) }
    }

    @Test func aPipeIsRefusedAndHoldsNobodyUp() throws {
        let path = try file("")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        let error = try #require(throws: TokenFile.Unusable.self) { try TokenFile(path: path) }
        #expect(error.description == "The token file '\(path)' cannot be used: it is not a regular file")
    }

    /// As Kubernetes mounts secrets: a link to a file in a folder that is a link itself.
    @Test func linksToAFileAreFollowed() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "fovea-secret-\(UUID().uuidString)").path(percentEncoded: false)
        defer { try? files.removeItem(atPath: folder) }
        try files.createDirectory(atPath: "\(folder)/..2026", withIntermediateDirectories: true)
        try Data("secret\n".utf8).write(to: URL(filePath: "\(folder)/..2026/tokens"))
        try files.createSymbolicLink(atPath: "\(folder)/..data", withDestinationPath: "..2026")
        try files.createSymbolicLink(atPath: "\(folder)/tokens", withDestinationPath: "..data/tokens")
        #expect(try TokenFile(path: "\(folder)/tokens").contains(try #require(token("Bearer secret"))))
    }

    @Test(arguments: ["Bearer abc", "bearer abc", "BEARER   abc "]) func theSchemeIsReadInAnyCase(_ value: String) throws {
        #expect(token(value) != nil)
    }

    @Test(arguments: ["", "abc", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer a,b", "Bearer =", "Bearerabc", "Bearer \u{e4}"])
    func anythingElseIsNoToken(_ value: String) {
        #expect(token(value) == nil)
    }

    @Test func twoTokensAreNone() {
        #expect(token("Bearer abc", "Bearer abc") == nil)
        #expect(token() == nil)
    }

    @Test func aTokenIsNeverPrinted() throws {
        let secret = try #require(token("Bearer hush"))
        #expect(!"\(secret)".contains("hush"))
        #expect(!String(reflecting: secret).contains("hush"))
    }
}
