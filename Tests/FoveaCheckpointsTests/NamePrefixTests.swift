import Testing

@testable import FoveaCheckpoints

/// Every format goes this way; here it is safetensors.
struct NamePrefixTests {
    private func names(_ stored: String...) throws -> [String] {
        let entries = stored.map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
        let folder = try TemporaryFolder()
        return try Checkpoint(file: folder.write(safetensors("{\(entries.joined(separator: ","))}"), as: "model.safetensors")).names
    }

    @Test func takesOffWhatAllNamesShare() throws {
        #expect(try names("module.a.b", "module.module.c") == ["a.b", "module.c"])
        #expect(try names("_orig_mod.module.a", "_orig_mod.module.b") == ["a", "b"])
        #expect(try names("module.a", "n_averaged") == ["a"])
        #expect(try names("model.a", "model._orig_mod.b") == ["a", "_orig_mod.b"])
        #expect(try names("model._orig_mod.a", "model._orig_mod.b") == ["a", "b"])
        #expect(try names("net.a", "net.b") == ["a", "b"] && names("network.a") == ["a"])
    }

    @Test func keepsEverythingElse() throws {
        #expect(try names("module.a", "b") == ["module.a", "b"])
        #expect(try names("modules.a", "model.b") == ["modules.a", "model.b"])
        #expect(try names("model.a", "criterion.weight") == ["model.a", "criterion.weight"])
        #expect(try names("n_averaged") == ["n_averaged"])
        #expect(try names("n_averaged", "a") == ["n_averaged", "a"])
    }

    @Test func aNameOfNothingButPrefixesEndsSoon() throws {
        #expect(try names(String(repeating: "module.", count: 6) + "a") == ["module.module.a"])
        #expect(try names(String(repeating: "module.", count: 1_000_000)).first?.utf8.count == 7 * 999_996)
    }
}
