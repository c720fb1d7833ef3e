import Foundation
import Testing

@testable import FoveaCheckpoints

/// Every rule of the format, broken one at a time.
struct SafetensorsFileTests {
    private func tensor(_ name: String, _ shape: String = "[1]", _ begin: Int = 0, _ end: Int = 4, dtype: String = "F32") -> String {
        #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
    }

    private func accept(_ bytes: [UInt8]) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        return try Checkpoint(file: folder.write(bytes, as: "model.safetensors"))
    }

    @Test func acceptsWhatTheReferenceAccepts() throws {
        #expect(try accept(safetensors("{}")).tensors.isEmpty)
        #expect(try accept(safetensors("{} \n  ")).tensors.isEmpty)
        #expect(try accept(safetensors("{\(tensor("a"))}", data: 4)).tensors["a"]?.shape == [1])
        #expect(try accept(safetensors("{\(tensor("a", "[]"))}", data: 4)).tensors["a"]?.floats() == [0])
        #expect(try accept(safetensors("{\(tensor("a", "[0,5]", 0, 0)),\(tensor("b"))}", data: 4)).tensors["a"]?.floats() == [])
        // Out of order, unknown fields, escapes, metadata.
        let odd =
            #"{"\u0062\ud83d\ude00":{"x":[1,{"y":-1.5e3}],"data_offsets":[4,8],"shape":[1],"dtype":"F32"},"__metadata__":{"k":"v\n"},"#
        let checkpoint = try accept(safetensors(odd + tensor("a") + "}", data: 8))
        #expect(checkpoint.names == ["b😀", "a"])
        #expect(checkpoint.metadata == ["k": "v\n"])
    }

    /// A header whose length is written as the marks of gzip (and as those of zip) are.
    @Test func isKnownWhateverTheLengthOfItsHeader() throws {
        let header = "{\(tensor("a"))}"
        let padded = header + String(repeating: " ", count: 0x8B1F - header.utf8.count)
        let bytes = safetensors(padded, data: 4)
        #expect(bytes.starts(with: [0x1F, 0x8B]))
        let folder = try TemporaryFolder()
        for name in ["model.safetensors", "weights"] {
            #expect(try Checkpoint(file: folder.write(bytes, as: name)).names == ["a"])
        }
        #expect(FileKind.sniff(littleEndian(UInt64(0x0403_4B50)) + Array("{".utf8)) == .safetensors)
        #expect(FileKind.sniff([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) == .gzip)
        #expect(FileKind.sniff([0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0, 0]) == .zip)
        #expect(FileKind.sniff(littleEndian(UInt64(0x8B1F))) == .gzip)
    }

    @Test func readsAtOddOffsets() throws {
        var bytes = safetensors("{\(tensor("a", "[1]", 0, 1, dtype: "U8")),\(tensor("b", "[2]", 1, 17, dtype: "F64"))}", data: 1)
        bytes += littleEndian((1.5).bitPattern) + littleEndian((-2.0).bitPattern)
        #expect(try accept(bytes).tensors["b"]?.floats() == [1.5, -2])
    }

    @Test func refusesWhatIsNoSafetensorsFile() throws {
        try expectRefusal([], "empty")
        try expectRefusal("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n".utf8, "git-lfs pointer", "git lfs pull")
        try expectRefusal("\n <!DOCTYPE html><html><body>404</body></html>".utf8, "web page", "/resolve/")
        try expectRefusal(#"{"error":"not found"}"#.utf8, "JSON")
        try expectRefusal(Fixtures.bytes("module.pth"), "zip archive", "pytorch_model.bin")
        try expectRefusal(Fixtures.bytes("legacy.pth"), "old form", "torch.save")
        try expectRefusal([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0], "pickle")
        try expectRefusal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0], "gzip")
        try expectRefusal([1, 2, 3], "3 bytes")
        try expectRefusal(littleEndian(UInt64.max) + Array("{}".utf8), "header length of 18446744073709551615")
        try expectRefusal(littleEndian(UInt64(100_000_001)) + Array("{}".utf8), "100000000")
        try expectRefusal(littleEndian(UInt64(100_000_000)) + Array("{}".utf8), "cut short")
        try expectRefusal(littleEndian(UInt64(0)), "'{'")
        try expectRefusal(safetensors(" {}"), "'{'")
        try expectRefusal(safetensors("[]"), "'{'")
    }

    @Test func refusesMalformedHeaders() throws {
        try expectRefusal(safetensors("{"), "malformed", "a key")
        try expectRefusal(safetensors("{} x"), "follows")
        try expectRefusal(safetensors("{}{}"), "follows")
        try expectRefusal(safetensors(#"{"a":{"dtype":"F32","shape":[1]}}"#), "'a'", "needs")
        try expectRefusal(safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#), "'a'", "needs")
        try expectRefusal(safetensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, data: 4), "'a'", "more than 2")
        try expectRefusal(safetensors("{\(tensor("a", dtype: "F31"))}", data: 4), "'F31'", "'a'")
        for shape in ["[-1]", "[1.0]", "[1e0]", "[01]", "[\"1\"]", "1", "[1,]", "[,1]", "[1 1]", "[99999999999999999999]", "[null]"] {
            try expectRefusal(safetensors("{\(tensor("a", shape))}", data: 4), "malformed at byte")
        }
        for text in [#""\x""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"\u{1}\"", #""\u12g4""#, #""abc"#, "'a'", "1", "null"] {
            try expectRefusal(safetensors("{\(text):1}"), "malformed")
        }
        try expectRefusal(littleEndian(UInt64(9)) + [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D, 0x20], "UTF-8")
        try expectRefusal(safetensors(#"{"a":nul}"#), "malformed")
        try expectRefusal(safetensors(#"{"a":{"x":"# + String(repeating: "[", count: 100) + "}}"), "nested deeper")
        try expectRefusal(safetensors(#"{"a":{"x":+1}}"#), "expected a value")
    }

    @Test func refusesMetadataOtherThanStrings() throws {
        try expectRefusal(safetensors(#"{"__metadata__":{"a":1}}"#), "nothing but strings")
        try expectRefusal(safetensors(#"{"__metadata__":{"a":{}}}"#), "nothing but strings")
        try expectRefusal(safetensors(#"{"__metadata__":[]}"#), "__metadata__")
        try expectRefusal(safetensors(#"{"__metadata__":null}"#), "__metadata__")
    }

    @Test func refusesEqualKeys() throws {
        try expectRefusal(safetensors("{\(tensor("a")),\(tensor("a", "[1]", 4, 8))}", data: 8), "'a'", "twice")
        try expectRefusal(
            safetensors(#"{"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"# + tensor("a") + "}", data: 4), "'a'", "twice")
        try expectRefusal(safetensors(#"{"__metadata__":{},"__metadata__":{}}"#), "'__metadata__'", "twice")
        try expectRefusal(safetensors(#"{"__metadata__":{"k":"1","k":"2"}}"#), "'k'", "twice")
        try expectRefusal(
            safetensors(#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4), "'dtype'", "twice", "'a'")
    }

    @Test func refusesFaultyLayouts() throws {
        try expectRefusal(safetensors("{\(tensor("a", "[1]", 4, 8))}", data: 8), "'a'", "hole")
        try expectRefusal(safetensors("{\(tensor("a")),\(tensor("b", "[1]", 8, 12))}", data: 12), "'b'", "hole")
        try expectRefusal(safetensors("{\(tensor("a")),\(tensor("b", "[1]", 2, 6))}", data: 6), "'b'", "overlaps", "'a'")
        try expectRefusal(safetensors("{\(tensor("a")),\(tensor("b"))}", data: 4), "overlaps")
        try expectRefusal(safetensors("{\(tensor("a", "[1]", 4, 0))}", data: 4), "'a'", "end before they begin")
        try expectRefusal(safetensors("{\(tensor("a", "[2]"))}", data: 4), "'a'", "8 bytes")
        try expectRefusal(safetensors("{\(tensor("a", "[4294967296,4294967296]"))}", data: 4), "'a'", "overflows")
        try expectRefusal(safetensors("{\(tensor("a", "[4294967296,4294967296,0]", 0, 0))}"), "'a'", "overflows")
        try expectRefusal(safetensors("{\(tensor("a", "[2305843009213693952]"))}", data: 4), "'a'", "overflows")
        try expectRefusal(safetensors("{\(tensor("a", "[1]", 0, 1, dtype: "F4"))}", data: 1), "'a'", "whole bytes")
        try expectRefusal(safetensors("{\(tensor("a"))}", data: 3), "1 bytes early")
        try expectRefusal(safetensors("{\(tensor("a"))}", data: 5), "1 bytes behind")
        try expectRefusal(safetensors("{}", data: 1), "1 bytes behind")
        try expectRefusal(safetensors("{\(tensor("a", "[1]", 0, Int.max))}", data: 4), "'a'")
    }

    @Test func namesTypesThatAreNotRead() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(safetensors("{\(tensor("a", "[4]", dtype: "F8_E4M3"))}", data: 4), as: "model.safetensors")
        let tensor = try #require(try Checkpoint(file: file).tensors["a"])
        let error = #expect(throws: CheckpointError.self) { try tensor.floats() }
        #expect(error?.description.contains("F8_E4M3") == true)
    }

    /// 100 MB of header, really there: the bounds on text, tensors and ignored values end the reading early.
    @Test(arguments: ["\u{0}", #"{"a":"#, #"{"__metadata__":{"a":""#])
    func endsHugeHeadersSoon(start: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(littleEndian(UInt64(100_000_000)) + Array("{\(start)".utf8), as: "model.safetensors")
        try FileHandle(forWritingTo: file).truncate(atOffset: 100_000_008)
        try expectRefusal(file, ["malformed"])
    }

    @Test func endsHugeIgnoredValuesSoon() throws {
        let values = String(repeating: "0,", count: 300_000)
        try expectRefusal(safetensors(#"{"a":{"x":["# + values + "0]}}"), "too many values")
    }

    @Test func hidesControlCharactersInMessages() throws {
        let folder = try TemporaryFolder()
        let name = "\\u001b[31m" + String(repeating: "x", count: 5000)
        let file = try folder.write(safetensors("{\(tensor(name, "[2]"))}", data: 4), as: "model.safetensors")
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(file: file) }
        let message = error?.description ?? ""
        #expect(message.contains("'\\u{1b}[31mxxx"))
        #expect(message.utf8.count < 1000)
    }
}
