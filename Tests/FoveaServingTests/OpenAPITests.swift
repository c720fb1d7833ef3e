import FoveaHTTP
import Testing

@testable import FoveaServing

@Suite struct OpenAPITests {
    @Test func theDocumentDescribesEveryRouteAndNoOther() async throws {
        let server = try ServingHarness { $0.adminTokenFile = "not read here" }
        let document = await server.send(.get, "/openapi.json")
        #expect(document.status == 200)
        #expect(document.json["openapi"] == .string("3.1.0"))
        guard case .object(let paths) = document.json["paths"] else {
            Issue.record("there are no paths")
            return
        }
        #expect(paths.count == 29)
        for (path, operations) in paths {
            #expect(operations[operations["post"] == nil ? "get" : "post"]?["responses"]?["200"] != nil, "\(path)")
            // Every path is routed: what answers OPTIONS lists the methods that the document describes.
            let answer = await server.send(
                .options, path.replacing("{name}", with: "alpha").replacing("{version}", with: "1").replacing("{file}", with: "page.js"))
            let allowed = answer.fields[.allow] ?? ""
            for method in ["get", "post", "put"] {
                #expect(allowed.contains(method.uppercased()) == (operations[method] != nil), "\(method) \(path): \(allowed)")
            }
        }
    }

    @Test func everyParameterOfClassifyIsDescribed() async throws {
        let document = await (try ServingHarness()).send(.get, "/openapi.json")
        guard case .array(let parameters) = document.json["paths"]?["/classify"]?["post"]?["parameters"] else {
            Issue.record("there are no parameters")
            return
        }
        let described = Set(parameters.compactMap { $0["name"]?.text })
        #expect(described == Set(ClassifyParameters.names))
    }
}
