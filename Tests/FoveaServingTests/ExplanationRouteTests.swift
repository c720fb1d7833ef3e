import Foundation
import FoveaHTTP
import FoveaJSON
import FoveaZoo
import HTTPTypes
import Testing

@testable import FoveaServing

/// Explanations over HTTP. The fake network's first layer is [4, 4] and counts up in quarters from its class's index less 1.
@Suite struct ExplanationRouteTests {
    let server: ServingHarness
    let white: [UInt8]

    init() throws {
        server = try ServingHarness()
        white = try TestPictures.grey(255)
    }

    private func numbers(_ value: JSONValue?) -> [Double] { value?.values.compactMap(\.double) ?? [] }

    @Test func oneEntryForEachClass() async {
        let answer = await server.classify("?explain=cam&class=2,0&attention=none", body: white)
        let maps = answer.json["explanation"]?.values ?? []
        #expect(maps.count == 2 && answer.json["attention"]?.values.isEmpty == true)
        #expect(maps.map { $0["class"]?["index"]?.double } == [2, 0] && maps.map { $0["class"]?["label"]?.text } == ["none", "dark"])
        #expect(maps.allSatisfy { $0["method"] == .string("cam") && $0["layer"] == .string("features.12") })
        #expect(numbers(maps[0]["values"]) == (0..<16).map { 1 + Double($0) / 4 })
        #expect(numbers(maps[0]["shape"]) == [4, 4] && numbers(maps[0]["size"]) == [4, 4])
        #expect([maps[0]["min"], maps[0]["max"], maps[0]["mean"]].map { $0?.double } == [1, 4.75, 2.875])
    }

    @Test func withoutBeingAskedForThereIsNone() async {
        #expect(await server.classify(body: white).json["explanation"] == nil)
        #expect(await server.classify("?explain=none", body: white).json["explanation"] == nil)
    }

    @Test func theBestClassWhereNoneIsNamed() async {
        let answer = await server.classify("?explain=gradcam", body: white)
        #expect(answer.json["explanation"]?.values.map { $0["class"]?["index"]?.double } == [1])
        #expect(answer.json["explanation"]?.values.first?["method"] == .string("gradcam"))
    }

    @Test func layersAndTheSizeOfMaps() async {
        let answer = await server.classify("?explain=layercam&layers=features.1*&map_size=20", body: white)
        let maps = answer.json["explanation"]?.values ?? []
        #expect(maps.map { $0["layer"]?.text } == ["features.12", "features.11"])
        #expect(numbers(maps.last?["size"]) == [2, 40] && numbers(maps.last?["shape"]) == [1, 20])
        #expect(numbers(maps.last?["values"]).count == 20 && maps.last?["max"]?.double == 19.75)
        #expect(answer.json["attention"]?.values.isEmpty == true)
        // An attention layer beside an explained one.
        let both = await server.classify("?explain=hirescam&layers=features.9,features.12", body: white)
        #expect(both.json["explanation"]?.values.count == 1 && both.json["attention"]?.values.count == 1)
        // The class activation map is the head's, whatever layers' attention is told.
        let cam = await server.classify("?explain=cam&layers=features.9", body: white)
        #expect(cam.json["explanation"]?.values.count == 1 && cam.json["attention"]?.values.count == 1)
    }

    @Test func aSummaryHasNoValues() async {
        let answer = await server.classify("?explain=cam&attention=summary", body: white)
        let map = answer.json["explanation"]?.values.first
        #expect(map?["values"] == nil && map?["max"]?.double == 3.75)
    }

    @Test func jsonFormsAndSeveralPictures() async {
        let base64 = Data(white).base64EncodedString()
        for value in ["[0,2]", #""0, 2""#] {
            let body = #"{"images":["\#(base64)","\#(base64)"],"explain":"cam","class":\#(value)}"#
            let answer = await server.classify(type: "application/json", body: Array(body.utf8))
            #expect(answer.json["results"]?.values.map { $0["explanation"]?.values.count } == [2, 2], "\(answer.text)")
        }
        let one = await server.classify(
            type: "application/json", body: Array(#"{"image":"\#(base64)","explain":"cam","class":1}"#.utf8))
        #expect(one.json["explanation"]?.values.count == 1)
        let form = await server.send(
            .post, "/classify", type: "multipart/form-data; boundary=XYZ",
            body: Array("--XYZ\r\nContent-Disposition: form-data; name=\"explain\"\r\n\r\ncam\r\n".utf8)
                + Array("--XYZ\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n".utf8) + white + Array("\r\n--XYZ--\r\n".utf8))
        #expect(form.json["explanation"]?.values.count == 1)
    }

    @Test(arguments: [
        ("?explain=cam&class=3", "0 to 2"), ("?explain=cam&class=99999999999999999999", "class"), ("?class=1", "explain=cam"),
        ("?explain=gradcam&layers=features.4", "features.12, features.11"), ("?explain=gradcam&layers=nope", "features.12, features.11"),
        ("?explain=cam&layers=features.12", "features.4, features.9"), ("?explain=cam&class=0,0", "twice"), ("?explain=CAM", "explain"),
        ("?explain=cam&class=0,1,2,0,1,2", "5 are allowed"), ("?explain=cam&class=,", "class"),
        ("?explain=cam&class=1&class=2", "more than once"),
    ])
    func whatIsWrongIsNamed(query: String, named: String) async {
        let answer = await server.classify(query, body: white)
        #expect(answer.status == 400 && answer.detail.contains(named), "\(answer.text)")
    }

    // MARK: The other protocols

    @Test(arguments: [HTTPRequest.Method.post, .put]) func torchServesRows(method: HTTPRequest.Method) async {
        let answer = await server.send(method, "/explanations/alpha", body: white)
        #expect(answer.text == "[[0.0,0.25,0.5,0.75],[1.0,1.25,1.5,1.75],[2.0,2.25,2.5,2.75],[3.0,3.25,3.5,3.75]]")
        #expect(await server.send(method, "/explanations/alpha/1?class=2", body: white).text.hasPrefix("[[1.0,1.25"))
        for (path, status) in [
            ("/explanations/nobody", 404), ("/explanations/alpha?class=3", 400), ("/explanations/alpha?class=0,1", 400),
            ("/explanations/alpha?target=1", 400), ("/explanations/alpha?class=%2", 400),
        ] {
            #expect(await server.send(method, path, body: white).status == status, "\(path)")
        }
    }

    @Test func anOutputOfTheInferenceProtocol() async {
        let data = [Float](repeating: 0.5, count: 48).map { "\($0)" }.joined(separator: ",")
        func infer(_ outputs: String) async -> Answer {
            let input = #"{"name":"input","shape":[1,3,4,4],"datatype":"FP32","data":[\#(data)]}"#
            return await server.send(.post, "/v2/models/alpha/infer", body: Array(#"{"inputs":[\#(input)],"outputs":[\#(outputs)]}"#.utf8))
        }
        let best = await infer(#"{"name":"cam"},{"name":"logits"}"#)
        #expect(best.json["outputs"]?.values.map { numbers($0["shape"]) } == [[1, 4, 4], [1, 3]])
        #expect(numbers(best.json["outputs"]?.values.first?["data"]) == (0..<16).map { Double($0) / 4 })
        let second = await infer(#"{"name":"cam","parameters":{"class":2}}"#)
        #expect(numbers(second.json["outputs"]?.values.first?["data"]).first == 1)
        let bytes = await infer(#"{"name":"cam","parameters":{"binary_data":true}}"#)
        #expect(bytes.status == 200 && bytes.text.contains(#""binary_data_size":64"#))
        for wrong in [
            #"{"name":"cam","parameters":{"class":3}}"#, #"{"name":"cam","parameters":{"class":-1}}"#,
            #"{"name":"cam","parameters":{"class":"a"}}"#,
            #"{"name":"logits","parameters":{"class":1}}"#, #"{"name":"cam","parameters":{"classification":2}}"#,
            #"{"name":"cam"},{"name":"cam"}"#,
        ] {
            #expect(await infer(wrong).status == 400, "\(wrong)")
        }
    }

    @Test func whatCanBeAskedForIsTold() async {
        let explanation = await server.send(.get, "/models/alpha").json["explanation"]
        #expect(explanation?["exact_cam"] == .bool(true))
        #expect(explanation?["layers"]?.values.map { $0["layer"]?.text } == ["features.12", "features.11"])
    }
}
