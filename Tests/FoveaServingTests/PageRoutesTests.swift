import FoveaHTTP
import HTTPTypes
import Testing

@testable import FoveaServing

@Suite struct PageRoutesTests {
    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<!DOCTYPE html>"), ("/page/page.css", "text/css; charset=utf-8", ":root {"),
        ("/page/page.js", "text/javascript; charset=utf-8", "// The page"),
    ])
    func filesComeWithTheirTypeAndAStrictPolicy(path: String, type: String, start: String) async throws {
        let answer = await (try ServingHarness()).send(.get, path)
        #expect(answer.status == 200 && answer.text.hasPrefix(start))
        #expect(answer.fields[.contentType] == type)
        #expect(answer.fields[.xContentTypeOptions] == "nosniff")
        let policy = answer.fields[.contentSecurityPolicy] ?? ""
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
    }

    @Test func theSampleIsAPictureThatIsAnswered() async throws {
        let server = try ServingHarness { $0.maxPixels = 1_000_000 }
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/page/sample.jpg")
        let sample = await server.server.handler.respond(to: ServerRequest(head: head, id: "test-1"))
        #expect(sample.body.prefix(2) == [0xFF, 0xD8])
    }

    @Test func thePageAsksNobodyElse() async throws {
        let server = try ServingHarness()
        for path in ["/", "/page/page.css", "/page/page.js"] {
            let text = await server.send(.get, path).text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("http:") && !text.contains("https:") && !text.contains("//cdn"), "\(path)")
        }
        let page = await server.send(.get, "/").text
        #expect(!page.contains("style=") && !page.contains("onclick") && !page.contains("<script>"))
    }

    @Test(arguments: ["/page/", "/page/other", "/page/..%2fpage.js", "/page/page.js/"]) func nothingElseIsThere(path: String) async throws {
        #expect(await (try ServingHarness()).send(.get, path).status == 404)
    }

    @Test func thePageNeedsNoToken() async throws {
        let server = try ServingHarness { $0.tokenFile = "not read here" }
        #expect(await server.send(.get, "/").status == 200)
        #expect(await server.send(.get, "/page/page.js").status == 200)
        #expect(await server.send(.get, "/models").status == 401)
    }
}
