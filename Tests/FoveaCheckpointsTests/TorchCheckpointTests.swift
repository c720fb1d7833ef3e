import Foundation
import Testing

@testable import FoveaCheckpoints

/// Checkpoints that are refused, and why; those that are read are in ``CheckpointTests``.
struct TorchCheckpointTests {
    private func refuse(
        _ value: [UInt8], storages: [String: [UInt8]] = ["0": [UInt8](repeating: 0, count: 24)], _ words: String...,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try TemporaryFolder()
        let bytes = ZipBuilder(pickle: Pickle.file(value), storages: storages).bytes
        try expectRefusal(folder.write(bytes, as: "model.pth"), words, location: location)
    }

    private func one(_ tensor: [UInt8]) -> [UInt8] { Pickle.dictionary(("a", tensor)) }

    @Test(arguments: [
        ("legacy.pth", "old form"), ("whole_module.pth", "state_dict()"), ("torchscript.pt", "TorchScript"),
        ("expanded.pth", ".contiguous()"),
        ("complex.pth", "ComplexFloatStorage"), ("sparse.pth", "_rebuild_sparse_tensor"), ("unknown_wrapper.pth", "'generator'"),
        ("mixed.pth", "'epoch'"), ("list.pth", "no dictionary"),
        ("object_in_state.pth", "'__main__.Stage', which is no part of a state dict"),
        ("object_as_state.pth", "'__main__.Configuration', which is no part of a state dict"),
    ])
    func refusesWithAdvice(name: String, word: String) throws {
        try expectRefusal(Fixtures.file(name), [word])
    }

    @Test func callsOtherFilesWhatTheyAre() throws {
        try expectRefusal(Fixtures.bytes("types.safetensors"), as: "pytorch_model.bin", "safetensors", "Name it")
        try expectRefusal("version https://git-lfs.github.com/spec/v1\n".utf8, as: "a.pth", "git-lfs")
        try expectRefusal("<html>".utf8, as: "a.pth", "web page")
        try expectRefusal([], as: "a.pt", "empty")
        try expectRefusal("hello world".utf8, as: "a.pt", "no zip archive")
    }

    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "apply"), ("subprocess", "Popen"),
        ("runpy", "_run_code"), ("functools", "reduce"), ("types", "CodeType"), ("os.path", "join"),
    ])
    func refusesCodeByName(module: String, name: String) throws {
        try refuse(one(Pickle.call(module, name, Pickle.text("touch owned"))), "'\(module).\(name)'", "Nothing was run")
        // Beside good weights, and by the newer opcode.
        let tensor = Pickle.tensor(Pickle.storage(count: 6), [6], [1])
        try refuse(
            Pickle.dictionary(("a", tensor), ("b", Pickle.text(module) + Pickle.text(name) + [0x93, 0x29, 0x52])), "'\(module).\(name)'")
    }

    @Test func refusesWholeModulesAndUnknownClasses() throws {
        try refuse(Pickle.call("torchvision.models.resnet", "ResNet"), "whole module", "state_dict()")
        try refuse(Pickle.global("__main__", "Net") + [0x29, 0x81], "'__main__.Net'", "state_dict()")
        try refuse(Pickle.global("torch.hub", "load") + [0x29, 0x52], "'torch.hub.load'")
    }

    private func names(_ value: [UInt8], storages: [String: [UInt8]] = ["0": [0, 0, 0, 0]]) throws -> [String] {
        let folder = try TemporaryFolder()
        return try Checkpoint(file: folder.write(ZipBuilder(pickle: Pickle.file(value), storages: storages).bytes, as: "a.pth")).names
    }

    /// An object that a script saved beside its weights, by every opcode that makes or fills one.
    @Test func passesOverObjectsBesideTheWeights() throws {
        let state = one(Pickle.tensor(Pickle.storage(count: 1), [1], [1]))
        let made = Pickle.global("script", "Thing") + [0x29, 0x81]
        let method = Pickle.call("__builtin__", "getattr", made, Pickle.text("method"))
        let nested = Pickle.call("builtins", "getattr", Pickle.global("script", "Thing"), Pickle.text("Inner"))
        for object in [
            Pickle.global("script", "Thing"), made, method, nested + [0x29, 0x52], nested + [0x29, 0x81], nested + [0x29, 0x7D, 0x92],
            Pickle.text("script") + Pickle.text("Thing") + [0x93, 0x29, 0x7D, 0x92],
            made + Pickle.dictionary(("a", Pickle.int(1))) + [0x62],
            nested + [0x29, 0x81] + [0x4E, 0x62], made + Pickle.int(1) + [0x61], made + [0x28] + Pickle.int(1) + [0x65],
            made + Pickle.text("a") + [0x4E, 0x73], made + [0x28] + Pickle.text("a") + [0x4E, 0x75], made + [0x28, 0x4E, 0x90],
            Pickle.call("functools", "partial", method) + Pickle.tuple(method, [0x29], [0x7D], [0x4E]) + [0x62],
            Pickle.call("_operator", "getitem", Pickle.global("typing", "Union"), [0x29]),
        ] {
            #expect(try names(Pickle.dictionary(("object", object), ("state_dict", state))) == ["a"], "\(object)")
            // In the weights' place or among them, it is told of.
            let mixed = Pickle.dictionary(("object", object), ("a", Pickle.tensor(Pickle.storage(count: 6), [1], [1])))
            try refuse(mixed, "no part of a state dict")
            try refuse(object, "no part of a state dict")
            try refuse(Pickle.dictionary(("state_dict", object)), "no part of a state dict")
        }
        // Neither is what a call gave a list of arguments, nor anything but it a function.
        try refuse(nested + [0x4E, 0x52], "without its arguments")
        try refuse([0x5D, 0x29, 0x52], "not a named function")
        try refuse([0x29, 0x29, 0x81], "not a named function")
        // What weights are made of is not looked for in calls of calls.
        try refuse(one(Pickle.call("torch._utils", "_rebuild_tensor_v2") + [0x29, 0x52]), "no tensors")
        // A call of a call, a hundred thousand times over.
        try refuse(one(made + [UInt8]([[UInt8]](repeating: [0x29, 0x52], count: 100_000).joined())), "no part of a state dict")
    }

    @Test func refusesTensorsOutsideTheirStorages() throws {
        let storage = Pickle.storage(count: 6)
        try refuse(one(Pickle.tensor(storage, [7], [1])), "'a'", "more elements")
        try refuse(one(Pickle.tensor(storage, offset: 1, [6], [1])), "'a'", "beyond")
        try refuse(one(Pickle.tensor(storage, [2, 3], [4, 1])), "'a'", "beyond")
        try refuse(one(Pickle.tensor(storage, offset: Int.max, [6], [1])), "'a'", "beyond")
        try refuse(one(Pickle.tensor(storage, [2, 2], [Int.max, Int.max])), "'a'", "beyond")
        try refuse(one(Pickle.tensor(storage, [1 << 62, 1 << 62], [1, 1])), "'a'", "more elements")
        try refuse(one(Pickle.tensor(storage, [1 << 40], [0])), "'a'", "expanded")
        try refuse(one(Pickle.tensor(storage, offset: -1, [2], [1])), "'a'", "malformed")
        try refuse(one(Pickle.tensor(storage, offset: 5, [2], [-1])), "'a'", "malformed")
        try refuse(one(Pickle.tensor(storage, [-2], [1])), "'a'", "malformed")
        try refuse(one(Pickle.tensor(storage, [2], [1, 1])), "'a'", "malformed")
        try refuse(one(Pickle.tensor(Pickle.storage(count: 7), [1], [1])), "'a'", "24 bytes")
        try refuse(one(Pickle.tensor(Pickle.storage(count: Int.max), [1], [1])), "'a'", "24 bytes")
        try refuse(one(Pickle.tensor(Pickle.storage(key: "9", count: 6), [1], [1])), "'a'", "'9'")
        try refuse(one(Pickle.tensor(Pickle.storage("QInt8Storage", count: 24), [1], [1])), "'a'", "QInt8Storage")
        try refuse(one(Pickle.tensor(Pickle.text("storage"), [1], [1])), "'a'", "malformed storage")
        try refuse(one(Pickle.call("torch._utils", "_rebuild_tensor_v2")), "'a'", "malformed")
        try refuse(one(Pickle.call("torch._utils", "_rebuild_parameter")), "'a'", "without a tensor")
    }

    @Test func readsSharedStoragesAndOffsets() throws {
        let values = (0..<6).flatMap { littleEndian(Float($0).bitPattern) }
        let storage = Pickle.storage(count: 6)
        let state = Pickle.dictionary(
            ("all", Pickle.tensor(storage, [2, 3], [3, 1])), ("turned", Pickle.tensor(storage, [3, 2], [1, 3])),
            ("last", Pickle.tensor(storage, offset: 5, [], [])), ("none", Pickle.tensor(storage, offset: 99, [0, 9], [9, 1])),
            ("one", Pickle.tensor(storage, offset: 4, [1, 1], [77, 0])),
            // No step is made along an axis of one element, whatever its stride.
            ("far", Pickle.tensor(storage, [3, 2, 1, 1], [1, 3, Int.max, 1])),
            ("farther", Pickle.tensor(storage, [1, 3, 1, 2], [Int.max, 1, Int.max, 3])))
        let folder = try TemporaryFolder()
        let file = try folder.write(ZipBuilder(pickle: Pickle.file(state), storages: ["0": values]).bytes, as: "a.pth")
        let tensors = try Checkpoint(file: file).tensors
        #expect(try tensors["all"]?.floats() == [0, 1, 2, 3, 4, 5])
        #expect(try tensors["turned"]?.floats() == [0, 3, 1, 4, 2, 5])
        #expect(try tensors["last"]?.floats() == [5])
        #expect(try tensors["none"]?.floats() == [])
        #expect(try tensors["one"]?.floats() == [4])
        #expect(try tensors["far"]?.floats() == [0, 3, 1, 4, 2, 5])
        #expect(try tensors["farther"]?.floats() == [0, 3, 1, 4, 2, 5])
    }

    /// Bits that lazy views carry beside their storages.
    @Test func readsWhatMetadataSays() throws {
        let storage = Pickle.storage(count: 2)
        func tensor(_ metadata: [UInt8]) -> [UInt8] { Pickle.tensor(storage, [2], [1], metadata: metadata) }
        let typed = Pickle.call(
            "torch._utils", "_rebuild_tensor_v3", storage, Pickle.int(0), Pickle.ints([2]), Pickle.ints([1]), Pickle.bool(false),
            Pickle.call("collections", "OrderedDict"), Pickle.global("torch", "float32"), Pickle.dictionary(("neg", Pickle.bool(true))))
        let state = Pickle.dictionary(
            ("none", tensor([0x4E])), ("empty", tensor(Pickle.dictionary())),
            ("negated", tensor(Pickle.dictionary(("neg", Pickle.bool(true))))),
            ("plain", tensor(Pickle.dictionary(("neg", Pickle.bool(false)), ("conj", Pickle.bool(false))))), ("typed", typed),
            // As in Python, the last of two equal keys counts.
            ("again", tensor(Pickle.dictionary(("neg", Pickle.bool(true)), ("neg", Pickle.bool(false))))))
        let values = [Float(3), -0.5].flatMap { littleEndian($0.bitPattern) }
        let folder = try TemporaryFolder()
        let file = try folder.write(ZipBuilder(pickle: Pickle.file(state), storages: ["0": values]).bytes, as: "a.pth")
        let tensors = try Checkpoint(file: file).tensors
        for name in ["none", "empty", "plain", "again"] { #expect(try tensors[name]?.floats() == [3, -0.5], "\(name)") }
        for name in ["negated", "typed"] { #expect(try tensors[name]?.floats() == [-3, 0.5], "\(name)") }
    }

    private func refuseMetadata(
        _ metadata: [UInt8], of storage: [UInt8] = Pickle.storage(count: 6), _ word: String, location: SourceLocation = #_sourceLocation
    ) throws {
        try refuse(one(Pickle.tensor(storage, [2], [1], metadata: metadata)), "'a'", word, location: location)
    }

    @Test func refusesMetadataThatItDoesNotUnderstand() throws {
        let set = Pickle.bool(true)
        try refuseMetadata(Pickle.dictionary(("conj", set)), ".resolve_conj()")
        try refuseMetadata(Pickle.dictionary(("neg", set), ("conj", set)), ".resolve_conj()")
        try refuseMetadata(Pickle.dictionary(("neg", set)), of: Pickle.storage("LongStorage", count: 3), ".resolve_neg()")
        try refuseMetadata(Pickle.dictionary(("scale", set)), "'scale'")
        try refuseMetadata(Pickle.dictionary(("neg", Pickle.int(1))), "'neg'")
        try refuseMetadata(Pickle.dictionary(("neg", Pickle.text("no"))), "'neg'")
        try refuseMetadata([0x7D] + Pickle.int(1) + set + [0x73], "keys are not text")
        try refuseMetadata(set, "no dictionary")
        try refuseMetadata(Pickle.text("neg"), "no dictionary")
        // A third pair, were it a repetition of another, could be one of a million, walked for every tensor that has them.
        try refuseMetadata(Pickle.dictionary(("neg", set), ("neg", set), ("neg", set)), "more metadata than")
        // It holds itself.
        try refuseMetadata([0x7D, 0x71, 9] + Pickle.text("neg") + [0x68, 9, 0x73], "'neg'")
    }

    @Test func refusesMalformedPickles() throws {
        let text: [UInt8] = [0x58] + littleEndian(UInt32.max) + Array("abc".utf8)
        try refuse(text, "longer than what is left")
        try refuse([0x8D] + littleEndian(UInt64.max), "longer than what is left")
        try refuse([0x8D] + littleEndian(UInt64(1) << 62), "longer than what is left")
        try refuse([0x8B] + littleEndian(UInt32.max), "longer than what is left")
        try refuse([0x8E] + littleEndian(UInt64(Int.max)), "longer than what is left")
        try refuse([0x58] + littleEndian(UInt32(1)) + [0xFF], "UTF-8")
        try refuse([0x68, 7], "memo's entry 7")
        try refuse([0x6A] + littleEndian(UInt32.max), "memo's entry")
        try refuse([0x30], "needs a value")
        try refuse([0x74], "needs a mark")
        try refuse([0x28], "stops with 0 values")
        try refuse([0x4E, 0x4E], "stops with 2 values")
        try refuse([0x7D, 0x28, 0x4E, 0x75], "key without a value")
        try refuse([0x4E, 0x4E, 0x61], "no list")
        try refuse([0x4E, 0x4E, 0x52], "not a named function")
        try refuse([0x4E, 0x51, 0x28, 0x30], "needs a value")
        try refuse([0x82, 1], "0x82")
        try refuse(Array("(ios\nsystem\n".utf8), "0x69")
        try refuse(Array("S'a'\n".utf8), "0x53")
        try refuse([0x80, 9], "protocol")
        try refuse([0x63, 0x61], "does not end")
        try refuse(Pickle.dictionary(), "no tensors")
        try refuse([0x7D, 0x4B, 1, 0x4E, 0x73], "keys that are not text")
        try refuse(Pickle.dictionary(("model", Pickle.dictionary(("epoch", Pickle.int(1))))), "'model'", "'epoch'")
    }

    /// A dictionary that holds itself under a wrapper's name, and a list that holds itself.
    @Test func endsAtCycles() throws {
        try refuse([0x7D, 0x71, 0] + Pickle.text("model") + [0x68, 0, 0x73], "nested deeper")
        try refuse([0x5D, 0x71, 0, 0x68, 0, 0x61], "no dictionary")
    }

    /// Every level holds the one below twice: 2⁶⁴ leaves by reference, a few bytes in the file.
    @Test func aMemoBombCostsNothing() throws {
        var bomb: [UInt8] = [0x5D, 0x71, 0]
        for _ in 0..<64 { bomb += [0x68, 0, 0x68, 0, 0x86, 0x71, 0] }
        try refuse([0x28] + bomb + [0x31] + one([0x68, 0]), "no tensors")
        // One long list, copied by a call again and again.
        let long = [UInt8]([0x5D, 0x71, 0, 0x28]) + [UInt8](repeating: 0x4E, count: 100_000) + [0x65]
        let copy = [0x30] + Pickle.global("collections", "OrderedDict") + [0x68, 0, 0x85, 0x52]
        try refuse(long + [[UInt8]](repeating: copy, count: 1000).joined(), "copied again and again")
    }

    private func repeated(_ opcodes: [UInt8], _ count: Int) -> [UInt8] { Array([[UInt8]](repeating: opcodes, count: count).joined()) }

    /// Two bytes take up again a text that stands in the pickle once: as module of a name it would be copied for each, as key searched for.
    @Test func longTextsThatAreRepeatedCostNothing() throws {
        let texts = { (size: Int) in
            Pickle.text(String(repeating: "a", count: size)) + [0x71, 0, 0x30] + Pickle.text("b") + [0x71, 1, 0x30]
        }
        for name: [UInt8] in [[0x68, 0, 0x68, 1, 0x93], [0x68, 1, 0x68, 0, 0x93]] {
            try refuse(texts(1 << 20) + repeated(name, 1000), "a name that is no short text")
            try refuse(texts(PickleMachine.maximumText - 1) + name, "a name of more than 512 bytes")
        }
        try refuse(texts(1 << 16) + [0x7D, 0x28] + repeated([0x68, 0, 0x4E], 100_000) + [0x75], "longer than 512 bytes")
        try refuse(Pickle.global(String(repeating: "a", count: 511), "b"), "a name of more than 512 bytes")
        try refuse(Pickle.global(String(repeating: "a", count: 512), "b"), "does not end within 512 bytes")
    }

    @Test func longTextsBesideTheWeightsArePassedOver() throws {
        let tensor = Pickle.tensor(Pickle.storage(count: 1), [1], [1])
        let name = String(repeating: "a", count: PickleMachine.maximumText)
        let state = Pickle.dictionary((name, tensor))
        let log = Pickle.text(String(repeating: "epoch ", count: 100_000))
        #expect(try names(Pickle.dictionary(("log", log), ("state_dict", state))) == [name])
        try refuse(Pickle.dictionary((name + "a", tensor)), "longer than 512 bytes")
    }

    /// A hundred thousand tuples in one another: nothing here recurses, not even letting go of them.
    @Test func deepNestsAreHarmless() throws {
        try refuse([0x29] + [UInt8](repeating: 0x85, count: 100_000), "no dictionary")
        try refuse([UInt8](repeating: 0x5D, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999), "no dictionary")
    }

    @Test func endsAfterAMillionSteps() throws {
        try refuse([UInt8](repeating: 0x4E, count: 1_000_001), "more than 1000000 steps")
    }

    @Test func readsAStateThatTheWrapperShares() throws {
        let values = littleEndian(Float(2).bitPattern)
        let tensor = Pickle.tensor(Pickle.storage(count: 1), [1], [1])
        for (wrapped, names) in [
            (["net"], ["a"]), (["model_state"], ["a"]), (["state_dict", "model"], ["a"]), (["model", "net", "params"], ["a"]),
        ] {
            let state = wrapped.reversed().reduce(Pickle.dictionary(("module._orig_mod.a", tensor))) { inner, name in
                Pickle.dictionary(("epoch", Pickle.int(3)), (name, inner))
            }
            let folder = try TemporaryFolder()
            let file = try folder.write(ZipBuilder(pickle: Pickle.file(state), storages: ["0": values]).bytes, as: "a.pth")
            #expect(try Checkpoint(file: file).names == names)
        }
    }

    /// Names under which some scripts save the weights, and others what they were trained with.
    @Test func passesOverWrappersWithoutTensors() throws {
        let tensor = Pickle.tensor(Pickle.storage(count: 1), [1], [1])
        let state = Pickle.dictionary(("a", tensor))
        let settings = Pickle.dictionary(("lr", Pickle.text("0.1")))
        let decay = Pickle.dictionary(("decay", Pickle.tensor(Pickle.storage(count: 1), [], [])))
        let numbered: [UInt8] = [0x7D] + Pickle.int(1) + tensor + [0x73]
        let folder = try TemporaryFolder()
        for root in [
            Pickle.dictionary(("model", state), ("ema", settings)), Pickle.dictionary(("params", settings), ("weights", state)),
            Pickle.dictionary(("state_dict", Pickle.dictionary(("model", settings), ("net", state)))),
            Pickle.dictionary(("ema", Pickle.dictionary(("model", settings), ("keys", state))), ("module", state)),
            Pickle.dictionary(("model", numbered), ("net", state)), Pickle.dictionary(("model", state), ("ema", decay)),
        ] {
            let file = try folder.write(ZipBuilder(pickle: Pickle.file(root), storages: ["0": [0, 0, 0, 0]]).bytes, as: "a.pth")
            #expect(try Checkpoint(file: file).names == ["a"])
        }
        // The first that holds tensors counts still, and is told of where it is no state dict.
        let storage = ["0": [UInt8](repeating: 0, count: 4)]
        let mixed = Pickle.dictionary(("decay", Pickle.int(1)), ("a", tensor))
        try refuse(Pickle.dictionary(("model", state), ("ema", mixed)), storages: storage, "'ema'", "'decay'")
        try refuse(Pickle.dictionary(("model", settings), ("ema", settings)), "'ema'", "no tensors", "'lr'")
        try refuse(Pickle.dictionary(("a", tensor), ("model", settings)), storages: storage, "mixes tensors", "'model'")
    }

    /// Every wrapper of every level is the same dictionary of twenty thousand entries: it is looked through a few times, not fourteen to the third.
    @Test func sharedWrappersAreLookedThroughOnce() throws {
        var pickle: [UInt8] = [0x7D, 0x71, 0, 0x28]
        for index in 0..<20_000 { pickle += Pickle.text("\(index)") + [0x4E] }
        for name in StateDict.wrappers { pickle += Pickle.text(name) + [0x68, 0] }
        pickle.append(0x75)
        try refuse(pickle, "nested deeper")
    }

    @Test func keepsAPrefixThatNotAllShare() throws {
        let tensor = Pickle.tensor(Pickle.storage(count: 1), [1], [1])
        let folder = try TemporaryFolder()
        let state = Pickle.dictionary(("module.a", tensor), ("b", tensor))
        let file = try folder.write(ZipBuilder(pickle: Pickle.file(state), storages: ["0": [0, 0, 0, 0]]).bytes, as: "a.pth")
        #expect(try Checkpoint(file: file).names == ["module.a", "b"])
    }
}
