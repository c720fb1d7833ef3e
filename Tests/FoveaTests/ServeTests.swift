import Foundation
import Testing

/// The built server, the shipped models, a real photograph and a real client.
@Suite(.serialized) struct ServeTests {
    let cat: Data

    init() throws {
        cat = try Data(contentsOf: URL(filePath: Executable.file("docs/images/cat.jpg")))
    }

    @Test(arguments: ["vgg16-local-cifar10", "odresnet-cifar10"]) func aPhotographIsClassifiedWithItsMaps(model: String) async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let answer = try await server.post("/classify?model=\(model)&map_size=0&top_k=10", cat)
        #expect(answer.status == 200)
        #expect(answer.headers["x-request-id"]?.isEmpty == false)
        let object = try answer.object()
        #expect(object["model"] as? String == model)

        let predictions = try #require(object["predictions"] as? [[String: Any]])
        let probabilities = predictions.compactMap { $0["probability"] as? Double }
        #expect(probabilities.count == 10)
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9)
        #expect(probabilities == probabilities.sorted(by: >))
        let animals: Set = ["bird", "cat", "deer", "dog", "frog", "horse"]
        #expect(animals.contains(try #require(predictions.first?["label"] as? String)))

        let image = try #require(object["image"] as? [String: Any])
        #expect(image["width"] as? Int == 451)
        #expect(image["height"] as? Int == 300)
        let crop = try #require(image["crop"] as? [String: Double])
        #expect(abs((crop["x"] ?? 0) - 75.5) < 8)
        #expect(abs((crop["width"] ?? 0) - 300) < 1)

        let maps = try #require(object["attention"] as? [[String: Any]])
        #expect(!maps.isEmpty)
        for map in maps {
            let shape = try #require(map["shape"] as? [Int])
            let values = try #require(map["values"] as? [Double])
            #expect(values.count == shape.reduce(1, *))
            #expect(values.allSatisfy { (0...1).contains($0) })
            #expect(abs((map["max"] as? Double ?? -1) - (values.max() ?? 0)) < 1e-6)
            if map["kind"] as? String == "kernel" { #expect(abs(values.reduce(0, +) - 1) < 1e-5) }
        }
    }

    @Test func vggHandsOutAChannelAndASpatialGateBeforeEachPooling() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let object = try await server.post("/classify?model=vgg16-local-cifar10&map_size=4&layers=features.*", cat).object()
        let maps = try #require(object["attention"] as? [[String: Any]])
        let names = maps.map { "\($0["layer"] ?? "") \($0["kind"] ?? "") \($0["shape"] ?? "") \($0["size"] ?? "")" }
        #expect(
            names.sorted() == [
                "features.10 channel [32] ", "features.10 spatial [4, 4] [16, 16]",
                "features.18 channel [64] ", "features.18 spatial [4, 4] [8, 8]",
                "features.26 channel [128] ", "features.26 spatial [4, 4] [4, 4]",
                "features.34 channel [128] ", "features.34 spatial [2, 2] [2, 2]",
                "features.4 channel [16] ", "features.4 spatial [4, 4] [32, 32]",
            ])
    }

    @Test func multipartAndBase64AnswerAsTheRawBodyDoes() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let raw = try await server.post("/classify?attention=none", cat).object()
        let form = Self.form(["top_k": Data("5".utf8), "attention": Data("none".utf8)], pictures: [cat])
        let multipart = try await server.post("/classify", form.body, type: form.type).object()
        let json = try JSONSerialization.data(withJSONObject: ["image": cat.base64EncodedString(), "attention": "none"])
        let base64 = try await server.post("/classify", json, type: "application/json").object()
        #expect(raw["predictions"] != nil)
        for other in [multipart, base64] {
            #expect(other["predictions"] as? NSArray == raw["predictions"] as? NSArray)
        }
    }

    @Test func aBadPictureAmongGoodOnesIsItsOwnProblem() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let form = Self.form([:], pictures: [cat, Data("a text".utf8), cat.prefix(9000), cat])
        let answer = try await server.post("/classify?attention=none", form.body, type: form.type)
        #expect(answer.status == 200)
        let results = try #require(try answer.object()["results"] as? [[String: Any]])
        #expect(results.map { $0["status"] as? Int } == [nil, 415, 422, nil])
        #expect(results.map { $0["predictions"] != nil } == [true, false, false, true])
    }

    @Test func badInputGetsTheStatusAndADetailThatNamesIt() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let cases: [(path: String, body: Data, type: String, status: Int, detail: String)] = [
            ("/classify", Data("a text".utf8), "image/jpeg", 415, "JPEG"),
            ("/classify", cat.prefix(cat.count / 2), "image/jpeg", 422, "truncated"),
            ("/classify", Self.hugePNG, "image/png", 422, "60000"),
            ("/classify", Data("--b--\r\n".utf8), "multipart/form-data; boundary=b", 400, "part"),
            ("/classify", Data("{\"image\": ".utf8), "application/json", 400, "JSON"),
            ("/classify?top_k=-1", cat, "image/jpeg", 400, "top_k"),
            ("/classify?model=nobody", cat, "image/jpeg", 404, "vgg16-local-cifar10"),
            ("/classify?layers=layer9.*", cat, "image/jpeg", 400, "layer9.*"),
        ]
        for item in cases {
            let answer = try await server.post(item.path, item.body, type: item.type)
            #expect(answer.status == item.status, "\(item.path) \(item.type)")
            #expect(answer.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            let problem = try answer.object()
            #expect(problem["status"] as? Int == item.status)
            #expect((problem["detail"] as? String ?? "").contains(item.detail), "\(problem)")
        }
        #expect(try await server.post("/classify", cat).status == 200)
    }

    @Test func theModelsAreListed() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        let models = try #require(try await server.get("/models").object()["models"] as? [[String: Any]])
        #expect(models.compactMap { $0["name"] as? String }.contains("odresnet-cifar10"))
        #expect(models.allSatisfy { $0["state"] as? String == "ready" })
        let detail = try await server.get("/models/odresnet-cifar10").object()
        #expect((detail["labels"] as? [String])?.count == 10)
        #expect((detail["layers"] as? [[String: Any]])?.isEmpty == false)
        #expect(try await server.get("/models/nobody").status == 404)
    }

    @Test func aSignalDrainsAndTheProcessEndsWell() async throws {
        let server = try await ServerProcess(models: Executable.file("weights"))
        #expect(try await server.get("/livez").status == 200)
        server.process.terminate()
        server.process.waitUntilExit()
        #expect(server.process.terminationReason == .exit)
        #expect(server.process.terminationStatus == 0)
    }

    private static func form(_ fields: [String: Data], pictures: [Data]) -> (type: String, body: Data) {
        let boundary = "a-boundary"
        var body = Data()
        for (name, value) in fields {
            body += Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8) + value + Data("\r\n".utf8)
        }
        for picture in pictures {
            body +=
                Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"image\"; filename=\"p\"\r\n\r\n".utf8) + picture
                + Data("\r\n".utf8)
        }
        return ("multipart/form-data; boundary=\(boundary)", body + Data("--\(boundary)--\r\n".utf8))
    }

    /// A PNG whose header claims 60,000 × 60,000 pixels; the header's checksum is right.
    private static let hugePNG: Data = {
        let header: [UInt8] = [0x49, 0x48, 0x44, 0x52, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0]
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in header {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        let end = withUnsafeBytes(of: (~checksum).bigEndian) { Array($0) }
        return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + header + end)
    }()
}
