import FoveaHTTP
import HTTPTypes

/// The page at `/`. Its files are part of the executable; they hold no secret, so that they need no token.
struct PageRoutes: Sendable {
    private struct File: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    private static let index = File(type: "text/html; charset=utf-8", bytes: PackageResources.index_html)
    private static let files = [
        "page.css": File(type: "text/css; charset=utf-8", bytes: PackageResources.page_css),
        "page.js": File(type: "text/javascript; charset=utf-8", bytes: PackageResources.page_js),
        "sample.jpg": File(type: "image/jpeg", bytes: PackageResources.sample_jpg),
    ]

    /// Scripts, styles and requests from here alone; pictures also from memory, where the page holds what was picked.
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

    func add(to router: inout Router) {
        router.on(.get, "/", access: .open) { _ in Self.answer(Self.index) }
        router.on(.get, "/page/{file}", access: .open) { request in
            let name = request.parameters["file"] ?? ""
            guard let file = Self.files[name] else { throw Problem(.notFound, "The page has no file '\(name.abbreviated)'.") }
            return Self.answer(file)
        }
    }

    private static func answer(_ file: File) -> ServerResponse {
        ServerResponse(
            status: .ok,
            fields: [
                .contentType: file.type, .cacheControl: "no-cache", .contentSecurityPolicy: contentSecurityPolicy,
                .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
            ], body: file.bytes)
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = known("Referrer-Policy")
}
