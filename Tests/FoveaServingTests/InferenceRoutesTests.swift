import Foundation
import FoveaHTTP
import FoveaJSON
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct InferenceRoutesTests {
    let server: ServingHarness
    let white: [UInt8]

    init() throws {
        server = try ServingHarness()
        white = try TestPictures.grey(255)
    }

    /// A request with a header's length in front of its bytes, and the answer's own.
    private func infer(
        _ json: String, tail: [UInt8] = [], header: String? = nil, path: String = "/v2/models/alpha/infer", fields: HTTPFields = [:]
    ) async -> (answer: Answer, body: [UInt8]) {
        var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: path)
        head.headerFields = fields
        head.headerFields[.inferenceHeaderContentLength] = header ?? (tail.isEmpty ? nil : "\(json.utf8.count)")
        let response = await server.server.handler.respond(to: ServerRequest(head: head, body: Array(json.utf8) + tail, id: "test-1"))
        return (Answer(response), response.body)
    }

    private func bytes(_ values: [Float]) -> [UInt8] {
        values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    }

    private func elements(_ pictures: [[UInt8]]) -> [UInt8] {
        pictures.flatMap { picture in withUnsafeBytes(of: UInt32(picture.count).littleEndian) { Array($0) } + picture }
    }

    /// A [1, 3, 4, 4] tensor of one value, and the JSON around it.
    private let half = [Float](repeating: 0.5, count: 48)
    private var halfText: String { half.map { "\($0)" }.joined(separator: ",") }

    /// A request of pictures as bytes.
    private func pictures(_ count: Int, _ size: Int) -> String {
        #"{"inputs": [{"name": "image", "shape": [\#(count)], "datatype": "BYTES", "parameters": {"binary_data_size": \#(size)}}]}"#
    }

    // MARK: Metadata and health

    @Test func serverMetadata() async {
        for path in ["/v2", "/v2/"] {
            let answer = await server.send(.get, path)
            #expect(answer.json["name"] == .string("fovea"))
            #expect(answer.json["version"] == .string(FoveaVersion.text))
            #expect(answer.json["extensions"]?.values.compactMap(\.text) == ["binary_tensor_data", "classification", "model_repository"])
        }
    }

    @Test func modelMetadata() async {
        let answer = await server.send(.get, "/v2/models/alpha")
        #expect(
            answer.text
                == #"{"name":"alpha","versions":["2","1"],"platform":"pytorch_state_dict","inputs":[{"name":"input","datatype":"FP32","#
                + #""shape":[-1,3,4,4]},{"name":"image","datatype":"BYTES","shape":[-1]}],"outputs":[{"name":"logits","datatype":"FP32","#
                + #""shape":[-1,3]},{"name":"probabilities","datatype":"FP32","shape":[-1,3]},"#
                + #"{"name":"attention/features.4/channel","datatype":"FP32","shape":[-1,3]},"#
                + #"{"name":"attention/features.4/spatial","datatype":"FP32","shape":[-1,4,4]},"#
                + #"{"name":"attention/features.9/spatial","datatype":"FP32","shape":[-1,64,32]},"#
                + #"{"name":"cam","datatype":"FP32","shape":[-1,4,4]}]}"#)
        #expect(await server.send(.get, "/v2/models/alpha/versions/1").status == 200)
    }

    @Test(arguments: [
        ("/v2/health/live", 200, "live"), ("/v2/health/ready", 200, "ready"), ("/v2/models/alpha/ready", 200, "ready"),
        ("/v2/models/alpha/versions/1/ready", 200, "ready"), ("/v2/models/nobody/ready", 404, "alpha, beta, omega"),
        ("/v2/models/alpha/versions/9/ready", 404, "no version '9'"), ("/v2/models/omega/ready", 503, "fc.weight"),
        ("/v2/models/omega", 503, "fc.weight"), ("/v2/nothing", 404, "/v2/nothing"), ("/v2/models/a%2/ready", 400, "a%2"),
    ])
    func health(path: String, status: Int, text: String) async {
        let answer = await server.send(.get, path)
        #expect(answer.status == status && answer.text.contains(text), "\(answer.text)")
        #expect(answer.fields[.contentType] == "application/json")
        if status >= 400 { #expect(answer.json["error"]?.text?.isEmpty == false) }
    }

    @Test func notReadyWhileModelsAreRead() async throws {
        let early = try ServingHarness(load: false)
        #expect(await early.send(.get, "/v2/health/ready").status == 503)
        #expect(await early.send(.get, "/v2/health/live").status == 200)
    }

    @Test func theRepositorysIndex() async {
        let all = await server.send(.post, "/v2/repository/index")
        #expect(all.json.values.map { $0["state"]?.text } == ["READY", "READY", "READY", "UNAVAILABLE"])
        #expect(all.json[3]?["reason"]?.text == "tensor 'fc.weight' is missing")
        let ready = await server.send(.post, "/v2/repository/index", body: Array(#"{"ready": true}"#.utf8))
        #expect(ready.json.values.map { $0["name"]?.text } == ["alpha", "alpha", "beta"])
        #expect(await server.send(.post, "/v2/repository/index", body: Array("[]".utf8)).status == 400)
    }

    @Test func loadAndUnloadAreForAdmins() async throws {
        let tokens = try TemporaryFolder()
        try tokens.write("secret\n", to: "admins")
        let server = try ServingHarness { $0.adminTokenFile = tokens.url.appending(path: "admins").path(percentEncoded: false) }
        try server.server.access.read()
        let path = "/v2/repository/models/beta"
        #expect(await self.server.send(.post, "\(path)/load").status == 404)
        #expect(await server.send(.post, "\(path)/unload").status == 401)
        let refused = await server.send(.post, "\(path)/unload", token: "other")
        #expect(refused.status == 403 && refused.json["error"] != nil)
        #expect(await server.send(.post, "\(path)/unload", token: "secret").text == #"{"name":"beta","unload":true}"#)
        #expect(await server.send(.get, "/v2/models/beta/ready").status == 503)
        #expect(await server.send(.post, "\(path)/load", token: "secret").text == #"{"name":"beta","load":true}"#)
        #expect(await server.send(.get, "/v2/models/beta/ready").status == 200)
        #expect(await server.send(.post, "/v2/repository/models/nobody/load", token: "secret").status == 404)
        #expect(await server.send(.post, "/v2/repository/models/omega/load", token: "secret").status == 409)
        let other = await server.send(.post, "\(path)/load", body: Array(#"{"parameters": {"config": "{}"}}"#.utf8), token: "secret")
        #expect(other.status == 400 && other.text.contains("config"))
    }

    // MARK: Every mixture of JSON and bytes

    @Test func numbersInJSON() async {
        let json = #"{"id": "42", "inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": [\#(halfText)]}]}"#
        let (answer, _) = await infer(json)
        #expect(answer.status == 200)
        #expect(
            answer.text.hasPrefix(
                #"{"model_name":"alpha","model_version":"2","id":"42","outputs":[{"name":"logits","datatype":"FP32","shape":[1,3],"#
                    + #""data":[-0.5,0.5,-1.0]},{"name":"probabilities","datatype":"FP32","shape":[1,3],"data":[0.2312"#), "\(answer.text)")
        #expect(answer.fields[.inferenceHeaderContentLength] == nil)
    }

    @Test func rowsWithinRowsAndAVersion() async {
        let plane = [[Float]](repeating: [0.5, 0.5, 0.5, 0.5], count: 4)
        let rows = [[[[Float]]]](repeating: [plane, plane, plane], count: 2)
        let (answer, _) = await infer(
            #"{"inputs": [{"name": "input", "shape": [2, 3, 4, 4], "datatype": "FP32", "data": \#(rows)}], "outputs": [{"name": "logits"}]}"#,
            path: "/v2/models/alpha/versions/1/infer")
        #expect(answer.json["model_version"] == .string("1"))
        #expect(answer.json["id"] == nil)
        #expect(answer.json["outputs"]?[0]?["shape"]?.doubles == [2, 3])
        #expect(answer.json["outputs"]?[0]?["data"]?.doubles == [-0.5, 0.5, -1, -0.5, 0.5, -1])
    }

    @Test func bytesInAndBytesOut() async {
        let json = """
            {"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "parameters": {"binary_data_size": 192}}],
             "outputs": [{"name": "attention/features.4/spatial", "parameters": {"binary_data": true}}, {"name": "logits"},
                         {"name": "attention/features.4/channel", "parameters": {"binary_data": true}}]}
            """
        let (answer, body) = await infer(json, tail: bytes(half))
        #expect(answer.status == 200)
        #expect(answer.fields[.contentType] == "application/octet-stream")
        let length = answer.fields[.inferenceHeaderContentLength].flatMap { Int($0) } ?? 0
        let text = String(decoding: body.prefix(length), as: UTF8.self)
        #expect(
            text == #"{"model_name":"alpha","model_version":"2","outputs":[{"name":"attention/features.4/spatial","datatype":"FP32","#
                + #""shape":[1,4,4],"parameters":{"binary_data_size":64}},{"name":"logits","datatype":"FP32","shape":[1,3],"#
                + #""data":[-0.5,0.5,-1.0]},{"name":"attention/features.4/channel","datatype":"FP32","shape":[1,3],"#
                + #""parameters":{"binary_data_size":12}}]}"#)
        #expect(Array(body.dropFirst(length)) == bytes([Float](repeating: 0.5, count: 19)))
    }

    @Test func picturesAsBytesWithAllOutputsAsBytes() async throws {
        let black = try TestPictures.grey(0)
        let tail = elements([white, black])
        let json = """
            {"parameters": {"binary_data_output": true, "other": 3},
             "inputs": [{"name": "image", "shape": [2], "datatype": "BYTES", "parameters": {"binary_data_size": \(tail.count)}}],
             "outputs": [{"name": "logits"}, {"name": "probabilities", "parameters": {"classification": 2, "binary_data": false}}]}
            """
        let (answer, body) = await infer(json, tail: tail)
        #expect(answer.status == 200)
        let length = answer.fields[.inferenceHeaderContentLength].flatMap { Int($0) } ?? 0
        #expect(Array(body.dropFirst(length)) == bytes([-1, 1, -1, -0.0, 0, -1]))
        let classes = try JSONValue(json: Array(body.prefix(length)))["outputs"]?[1]
        #expect(classes?["datatype"] == .string("BYTES") && classes?["shape"]?.doubles == [2, 2])
        let names = classes?["data"]?.values.compactMap(\.text).map { $0.drop { $0 != ":" } }
        #expect(names == [":1:bright", ":0:dark", ":0:dark", ":1:bright"])
    }

    @Test func classesAsBytesAreElementsWithTheirLength() async {
        let json =
            #"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": [\#(halfText)]}], "#
            + #""outputs": [{"name": "logits", "parameters": {"classification": 9, "binary_data": true}}]}"#
        let (answer, body) = await infer(json)
        let length = answer.fields[.inferenceHeaderContentLength].flatMap { Int($0) } ?? 0
        #expect(Array(body.dropFirst(length)) == elements(["0.5:1:bright", "-0.5:0:dark", "-1.0:2:none"].map { Array($0.utf8) }))
    }

    @Test func aPictureInBase64() async {
        let picture = Data(white).base64EncodedString()
        let (answer, _) = await infer(#"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["\#(picture)"]}]}"#)
        #expect(answer.json["outputs"]?[0]?["data"]?.doubles == [-1, 1, -1])
    }

    @Test func aRawRequestIsOnePicture() async {
        let (answer, body) = await infer("", tail: white, header: "0")
        #expect(answer.status == 200)
        let length = answer.fields[.inferenceHeaderContentLength].flatMap { Int($0) } ?? 0
        #expect(body.count - length == 24)
        #expect(Array(body.dropFirst(length).prefix(12)) == bytes([-1, 1, -1]))
    }

    // MARK: What is wrong is named

    @Test func moreStringsThanPicturesAreRefusedAsTheyAreRead() async {
        let strings = [String](repeating: #""AAAA""#, count: 257).joined(separator: ",")
        let (answer, _) = await infer(#"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": [[\#(strings)]]}]}"#)
        #expect(answer.status == 400 && (answer.json["error"]?.text ?? "").contains("more than 256 elements"), "\(answer.text)")
    }

    @Test(arguments: [
        ("", "must be an object"), ("[]", "must be an object"), ("{}", "0 inputs"), (#"{"inputs": []}"#, "0 inputs"),
        (#"{"inputs": [{"name": "input"}]}"#, "inputs[0]"), (#"{"inputs": 3}"#, "'inputs' must be an array"),
        (#"{"id": 7, "inputs": []}"#, "'id' must be a string"), (#"{"inputs": [], "inputs": []}"#, "twice"),
        (#"{"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1]}]}"#, "no input 'x'"),
        (#"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP16", "data": [1]}]}"#, "FP16"),
        (#"{"inputs": [{"name": "input", "shape": [3, 4, 4], "datatype": "FP32", "data": [1]}]}"#, "[-1, 3, 4, 4]"),
        (#"{"inputs": [{"name": "input", "shape": [0, 3, 4, 4], "datatype": "FP32", "data": []}]}"#, "[0, 3, 4, 4]"),
        (#"{"inputs": [{"name": "input", "shape": [9999999, 3, 4, 4], "datatype": "FP32", "data": []}]}"#, "9999999"),
        (#"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": [1]}]}"#, "1 numbers"),
        (#"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": ["a"]}]}"#, "strings"),
        (#"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": [true]}]}"#, "must be a number"),
        (#"{"inputs": [{"name": "input", "shape": [-1, 3, 4, 4], "datatype": "FP32", "data": [1]}]}"#, "shape"),
        (#"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": [1]}]}"#, "base64"),
        (#"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["?"]}]}"#, "Element 0"),
        (#"{"inputs": [{"name": "image", "shape": [2], "datatype": "BYTES", "data": ["AAAA"]}]}"#, "says 2"),
        (
            #"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 4}}]}"#,
            "no Inference-Header-Content-Length"
        ),
    ])
    func badRequests(json: String, text: String) async {
        let (answer, _) = await infer(json)
        #expect(answer.status == 400 && (answer.json["error"]?.text ?? "").contains(text), "\(answer.text)")
    }

    @Test(arguments: [
        (#"[{"name": "cam2"}]"#, "no output 'cam2'"), (#"[{"name": "logits"}, {"name": "logits"}]"#, "twice"), ("[{}]", "outputs[0]"),
        (#"[{"name": "attention/features.4/spatial", "parameters": {"classification": 1}}]"#, "no classes"),
        (#"[{"name": "logits", "parameters": {"classification": -1}}]"#, "classification"),
        (#"[{"name": "logits", "parameters": {"binary_data": 1}}]"#, "binary_data"),
    ])
    func badOutputs(outputs: String, text: String) async {
        let (answer, _) = await infer(
            #"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "data": [\#(halfText)]}], "outputs": \#(outputs)}"#)
        #expect(answer.status == 400 && (answer.json["error"]?.text ?? "").contains(text), "\(answer.text)")
    }

    @Test(arguments: ["-1", "+3", "x", "", "99999", "1e2"])
    func badHeaderLengths(header: String) async {
        #expect(await infer("{}", header: header).answer.status == 400)
    }

    @Test func bytesThatDoNotFitAreRefused() async {
        func json(_ size: Int) -> String {
            #"{"inputs": [{"name": "input", "shape": [1, 3, 4, 4], "datatype": "FP32", "parameters": {"binary_data_size": \#(size)}}]}"#
        }
        let tail = bytes(half)
        #expect(await infer(json(193), tail: tail).answer.text.contains("192 bytes are left"))
        #expect(await infer(json(188), tail: tail).answer.text.contains("4 bytes more"))
        #expect(await infer(json(-1), tail: tail).answer.status == 400)
        #expect(await infer(json(188), tail: Array(tail.dropLast(4))).answer.text.contains("188 bytes"))
        #expect(await infer(json(192), tail: bytes([.nan] + half.dropFirst())).answer.text.contains("not finite"))
        // Finite, but not what the network makes of them.
        let large = await infer(json(192), tail: bytes([Float](repeating: 3e38, count: 48))).answer
        #expect(large.status == 422 && large.text.contains("The logits are not finite numbers"), "\(large.text)")
        var element = elements([white])
        element[3] = 0xFF
        #expect(await infer(pictures(1, element.count), tail: element).answer.text.contains("bytes; "))
    }

    @Test func aBadPictureTellsItsPlace() async {
        let tail = elements([white, Array("text".utf8)])
        let (answer, _) = await infer(pictures(2, tail.count), tail: tail)
        #expect(answer.status == 415 && answer.text.contains("Picture 1"), "\(answer.text)")
    }

    @Test func aCompressedBodyIsRefusedByName() async {
        for path in ["/v2/models/alpha/infer", "/classify", "/predictions/alpha"] {
            var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: path)
            head.headerFields[.contentEncoding] = "identity"
            guard case .accept = server.server.handler.admit(ServerRequest(head: head, id: "test-1")) else {
                Issue.record("identity is refused at \(path)")
                continue
            }
            head.headerFields[.contentEncoding] = "gzip"
            guard case .refuse(let response) = server.server.handler.admit(ServerRequest(head: head, id: "test-1")) else {
                Issue.record("gzip is accepted at \(path)")
                continue
            }
            #expect(response.head.status == .unsupportedMediaType && response.head.headerFields[.acceptEncoding] == "identity")
        }
    }

    @Test func aFailedPassIs500() async {
        server.network.fail(true)
        let (answer, _) = await infer("", tail: white, header: "0")
        #expect(answer.status == 500 && answer.json["error"] != nil)
    }
}
