import Foundation
import FoveaZoo
import Logging
import Synchronization
import Testing

@testable import FoveaServing

@Suite struct ModelStoreTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The loader stands in for the zoo: what `config.json` says becomes a fake network, or a refusal.
    func store(_ folders: [URL]? = nil, default name: String? = nil, logger: Logger = .silent) -> ModelStore {
        ModelStore(folders: folders ?? [folder.url], defaultModel: name, threads: 1, logger: logger) { directory throws(ModelError) in
            let text = (try? String(contentsOf: directory.appending(path: "config.json"), encoding: .utf8)) ?? ""
            if text.hasPrefix("broken") { throw ModelError("tensor 'fc.weight' is missing") }
            let network = try FakeNetwork(architecture: text)
            if text == "cold" { network.fail(true) }
            return network
        }
    }

    func loaded(_ store: ModelStore) throws -> [String] {
        try store.scan()
        store.load()
        return store.listing().map { "\($0.name)/\($0.version) \($0.state.rawValue)\($0.isDefault ? " default" : "")" }
    }

    @Test func modelsAndVersionsAreFound() throws {
        try folder.write("a", to: "flat/config.json")
        try folder.write("a", to: "many/1/config.json")
        try folder.write("b", to: "many/2/config.json")
        try folder.write("c", to: "many/10/config.json")
        try folder.write("x", to: "many/03/config.json")
        try folder.write("x", to: "many/+4/config.json")
        try folder.write("x", to: "many/latest/config.json")
        try folder.write("x", to: "many/11/README.md")
        #expect(
            try loaded(store()) == [
                "flat/1 ready default", "many/10 ready", "many/2 ready", "many/1 ready",
            ])
        let store = store()
        _ = try loaded(store)
        #expect(try store.served("many", version: nil).version == "10")
        #expect(try store.served("many", version: "2").network.description.architecture == "b")
        #expect(try store.served(nil, version: nil).name == "flat")
    }

    @Test func whatIsNoModelIsLeftOut() throws {
        try folder.write("a", to: "model/config.json")
        try folder.write("a", to: ".hidden/config.json")
        try folder.write("print()", to: "recipes/train.py")
        try folder.write("text", to: "README.md")
        try folder.write("a", to: "bad\nname/config.json")
        #expect(try loaded(store()) == ["model/1 ready default"])
    }

    @Test func weightsWithoutAConfigurationAreRefusedUntilItComes() throws {
        for file in ["a/model.safetensors", "b/2/checkpoint.pth", "c/pytorch_model.bin", "d/last.pt"] { try folder.write("", to: file) }
        let store = store()
        #expect(try loaded(store) == ["a/1 refused default", "b/2 refused", "c/1 refused", "d/1 refused"])
        #expect(store.listing().allSatisfy { $0.reason?.contains("no config.json") == true })
        try folder.write("a", to: "b/2/config.json")
        #expect(try loaded(store)[1] == "b/2 ready default")
    }

    @Test func aRefusedModelSaysWhyAndTheOthersAreServed() throws {
        try folder.write("broken", to: "a/config.json")
        try folder.write("fine", to: "b/config.json")
        try folder.write("cold", to: "c/config.json")
        let store = store()
        #expect(try loaded(store) == ["a/1 refused", "b/1 ready default", "c/1 refused"])
        #expect(store.isComplete)
        #expect(store.listing()[0].reason == "tensor 'fc.weight' is missing")
        #expect(store.listing()[2].reason?.hasPrefix("The warm-up pass failed") == true)
        #expect(throws: ClassificationError.modelUnavailable("The model 'a' was refused: tensor 'fc.weight' is missing")) {
            try store.served("a", version: nil)
        }
    }

    @Test func onlyWhereWaitingHelpsIsItAdvised() throws {
        try folder.write("fine", to: "a/config.json")
        try folder.write("broken", to: "b/config.json")
        let store = store()
        try store.scan()
        func advice(_ model: String) -> String? {
            do throws(ClassificationError) {
                _ = try store.served(model, version: nil)
                return "served"
            } catch {
                #expect(error.problem.status == .serviceUnavailable)
                return error.problem.fields[.retryAfter]
            }
        }
        #expect(advice("a") == "1" && advice("b") == "1", "both are being read")
        store.load()
        #expect(advice("a") == "served" && advice("b") == nil, "the second was refused")
        try store.unload("a")
        #expect(advice("a") == nil)
    }

    @Test func aRefusedHighestVersionLeavesTheNextOneServing() throws {
        try folder.write("fine", to: "m/1/config.json")
        try folder.write("broken", to: "m/2/config.json")
        let store = store()
        #expect(try loaded(store) == ["m/2 refused", "m/1 ready default"])
        #expect(try store.served("m", version: nil).version == "1")
    }

    @Test func linksThatLeadOutAreRefused() throws {
        let outside = try TemporaryFolder()
        try outside.write("secret", to: "model/config.json")
        try outside.write("secret", to: "config.json")
        try folder.link("way-out", to: outside.url.appending(path: "model").path(percentEncoded: false))
        try folder.link("relative", to: "../\(outside.url.lastPathComponent)/model")
        try folder.write("x", to: "file/README.md")
        try folder.link("file/config.json", to: outside.url.appending(path: "config.json").path(percentEncoded: false))
        try folder.write("fine", to: "real/config.json")
        try folder.link("alias", to: "real")
        try folder.write("fine", to: "versions/1/config.json")
        try folder.link("versions/2", to: outside.url.path(percentEncoded: false))
        #expect(
            try loaded(store()) == [
                "alias/1 ready default", "file/1 refused", "real/1 ready", "relative/1 refused", "versions/2 refused", "versions/1 ready",
                "way-out/1 refused",
            ])
    }

    @Test(arguments: ["../real", "real/../real", "/etc", "", ".", "..", "real/1", "REAL", "real\u{0}"])
    func hostileNamesFindNothing(_ name: String) throws {
        try folder.write("fine", to: "real/config.json")
        let store = store()
        _ = try loaded(store)
        #expect(throws: ClassificationError.unknownModel("There is no model '\(name)'. The models: real.")) {
            try store.served(name, version: nil)
        }
    }

    @Test func anUnknownVersionListsThoseThereAre() throws {
        try folder.write("fine", to: "m/1/config.json")
        try folder.write("fine", to: "m/3/config.json")
        let store = store()
        _ = try loaded(store)
        #expect(throws: ClassificationError.unknownModel("The model 'm' has no version '2'. Its versions: 3, 1.")) {
            try store.served("m", version: "2")
        }
    }

    @Test func theDefaultModelMustExist() throws {
        try folder.write("fine", to: "a/config.json")
        try folder.write("fine", to: "b/config.json")
        #expect(try loaded(store(default: "b")) == ["a/1 ready", "b/1 ready default"])
        #expect(throws: ModelError("There is no model 'c', which --default-model names. The models: a, b.")) {
            try store(default: "c").scan()
        }
    }

    @Test func aDefaultModelThatGoesHoldsUpNothingAndIsToldOnce() throws {
        let lines = Monitor<[String]>([])
        let logger = Logger(label: "test") { label in
            LineLogHandler(label: label, format: .text) { line in
                lines.withLockNotifyingAll { $0.append(String(decoding: line, as: UTF8.self)) }
            }
        }
        func told() -> Int { lines.withLock { lines in lines.count { $0.contains("default model's directory is gone") } } }
        try folder.write("fine", to: "a/config.json")
        try folder.write("one", to: "b/config.json")
        let store = store(default: "a", logger: logger)
        _ = try loaded(store)
        let directory = folder.url.appending(path: "a")
        try FileManager.default.removeItem(at: directory)
        try folder.write("two", to: "b/config.json")
        try store.reload("b")
        #expect(try store.served("b", version: nil).network.description.architecture == "two")
        #expect(try store.served(nil, version: nil).name == "a", "it was not asked for")
        #expect(told() == 1)
        try folder.write("three", to: "b/config.json")
        try folder.write("new", to: "c/config.json")
        #expect(try loaded(store) == ["b/1 ready", "c/1 ready"])
        #expect(throws: ClassificationError.modelUnavailable("The default model 'a' is gone. GET /models lists those that there are.")) {
            try store.served(nil, version: nil)
        }
        #expect(throws: ClassificationError.unknownModel("There is no model 'a'. The models: b, c.")) {
            try store.served("a", version: nil)
        }
        #expect(told() == 1)
        try folder.write("fine", to: "a/config.json")
        #expect(try loaded(store) == ["a/1 ready default", "b/1 ready", "c/1 ready"])
        try FileManager.default.removeItem(at: directory)
        try store.reload("b")
        #expect(told() == 2)
    }

    @Test func aMissingFolderIsNamed() throws {
        #expect(throws: ModelError.self) { try store([folder.url.appending(path: "nowhere")]).scan() }
    }

    @Test func theFirstFolderWins() throws {
        let second = try TemporaryFolder()
        try folder.write("first", to: "m/config.json")
        try second.write("second", to: "m/config.json")
        try second.write("second", to: "n/config.json")
        let store = store([folder.url, second.url])
        #expect(try loaded(store) == ["m/1 ready default", "n/1 ready"])
        #expect(try store.served("m", version: nil).network.description.architecture == "first")
    }

    @Test func readingAgainTakesWhatChanged() throws {
        try folder.write("one", to: "kept/config.json")
        try folder.write("one", to: "changed/config.json")
        try folder.write("one", to: "gone/config.json")
        try folder.write("broken", to: "mended/config.json")
        let store = store()
        _ = try loaded(store)
        let kept = try store.served("kept", version: nil).lane
        let old = try store.served("changed", version: nil)

        try folder.write("another", to: "changed/config.json")
        try folder.write("one", to: "new/config.json")
        try folder.write("mended", to: "mended/config.json")
        try FileManager.default.removeItem(at: folder.url.appending(path: "gone"))
        try store.scan()
        #expect(try store.served("changed", version: nil).lane == old.lane, "the old one serves until the new one is there")
        store.load()

        #expect(store.listing().map(\.name) == ["changed", "kept", "mended", "new"])
        #expect(try store.served("kept", version: nil).lane == kept, "what did not change is not read again")
        #expect(try store.served("changed", version: nil).network.description.architecture == "another")
        #expect(try store.served("changed", version: nil).lane != old.lane)
        #expect(try store.served("mended", version: nil).network.description.architecture == "mended")
        #expect(try old.network.run([.init(values: .init(repeating: 0, count: 48))], threads: 1).count == 1)
    }

    @Test func aChangeForTheWorseKeepsTheOldOne() throws {
        try folder.write("fine", to: "m/config.json")
        let store = store()
        _ = try loaded(store)
        try folder.write("broken now", to: "m/config.json")
        #expect(try loaded(store) == ["m/1 ready default"])
        #expect(store.listing()[0].reason == "tensor 'fc.weight' is missing")
        #expect(try store.served("m", version: nil).network.description.architecture == "fine")
    }

    @Test func unloadedModelsStayAwayUntilTheyAreAskedFor() throws {
        try folder.write("fine", to: "m/config.json")
        let store = store()
        _ = try loaded(store)
        try store.unload("m")
        #expect(throws: ClassificationError.unknownModel("There is no model 'n'. The models: m.")) { try store.unload("n") }
        #expect(try loaded(store) == ["m/1 unloaded default"])
        #expect(throws: ClassificationError.modelUnavailable("The model 'm' was unloaded.")) { try store.served(nil, version: nil) }
        try store.reload("m")
        #expect(try store.status("m").state == .ready)
    }

    @Test func anUnloadedDefaultModelStaysTheDefaultAndARefusedOneDoesNotBecomeIt() throws {
        try folder.write("broken", to: "a/config.json")
        try folder.write("fine", to: "b/config.json")
        try folder.write("fine", to: "c/config.json")
        let store = store()
        #expect(try loaded(store) == ["a/1 refused", "b/1 ready default", "c/1 ready"])
        try store.unload("a")
        #expect(try store.served(nil, version: nil).name == "b")
        try store.unload("b")
        #expect(throws: ClassificationError.modelUnavailable("The model 'b' was unloaded.")) { try store.served(nil, version: nil) }
        #expect(try loaded(store) == ["a/1 unloaded", "b/1 unloaded default", "c/1 ready"])
        // A reading that is refused loads nothing.
        try folder.write("broken", to: "b/config.json")
        #expect(try store.reload("b").map(\.version) == ["1"])
        #expect(throws: ClassificationError.modelUnavailable("The model 'b' was refused: tensor 'fc.weight' is missing")) {
            try store.served(nil, version: nil)
        }
        try folder.write("fine", to: "b/config.json")
        #expect(try store.reload("b").isEmpty)
        #expect(try store.served(nil, version: nil).name == "b")
        try store.unload("b")
        try FileManager.default.removeItem(at: folder.url.appending(path: "b"))
        #expect(try loaded(store) == ["a/1 unloaded", "c/1 ready default"])
    }

    @Test func oneModelIsReadAgainWithoutTheOthers() throws {
        try folder.write("one", to: "m/config.json")
        try folder.write("one", to: "n/config.json")
        let store = store()
        _ = try loaded(store)
        let lanes = try ["m", "n"].map { try store.served($0, version: nil).lane }
        try folder.write("two", to: "n/config.json")
        try folder.write("two", to: "new/config.json")
        try store.reload("m")
        #expect(try store.served("m", version: nil).lane != lanes[0], "unchanged, and read again")
        #expect(try store.served("n", version: nil).lane == lanes[1], "changed, and not asked for")
        #expect(store.isComplete)
        try store.reload("new")
        #expect(try store.served("new", version: nil).network.description.architecture == "two")
        try FileManager.default.removeItem(at: folder.url.appending(path: "new"))
        #expect(throws: ClassificationError.unknownModel("There is no model 'new'. The models: m, n.")) { try store.reload("new") }
        #expect(throws: ClassificationError.self) { try store.reload("../m") }
        try folder.write("broken", to: "m/config.json")
        try store.reload("m")
        #expect(try store.status("m").reason == "tensor 'fc.weight' is missing")
        #expect(try store.served("m", version: nil).network.description.architecture == "one")
    }

    @Test func aModelThatComesLaterDoesNotTakeReadinessBack() throws {
        try folder.write("fine", to: "m/config.json")
        let store = store()
        _ = try loaded(store)
        #expect(store.isComplete)
        try folder.write("fine", to: "n/config.json")
        try store.scan()
        #expect(try store.status("n").state == .loading)
        #expect(store.isComplete)
    }

    @Test func anEmptyFolderIsCompleteAndSaysSo() throws {
        let store = store()
        #expect(!store.isComplete)
        #expect(try loaded(store) == [])
        #expect(store.isComplete)
        #expect(throws: ClassificationError.self) { try store.served(nil, version: nil) }
    }
}
