import FoveaHTTP
import HTTPTypes
import Logging
import Synchronization

/// Who may use which routes, by bearer tokens out of files. Without a file for users everybody is one; without one for admins there are no admin routes.
final class AccessControl: Sendable {
    private struct Tokens: Sendable {
        var users: TokenFile?
        var admins: TokenFile?
    }

    private let userFile: String?
    private let adminFile: String?
    private let logger: Logger
    private let tokens = Mutex(Tokens())

    /// Nothing is read yet; until then a file's tokens are none.
    init(userFile: String?, adminFile: String?, logger: Logger) {
        self.userFile = userFile
        self.adminFile = adminFile
        self.logger = logger
    }

    /// Whether the admin routes exist.
    var hasAdmins: Bool { adminFile != nil }

    /// Reads the files for the first time.
    /// - Throws: what is wrong with one of them; then the tokens are as before.
    func read() throws(TokenFile.Unusable) {
        var read = Tokens()
        if let userFile { read.users = try TokenFile(path: userFile) }
        if let adminFile { read.admins = try TokenFile(path: adminFile) }
        tokens.withLock { [read] in $0 = read }
    }

    /// Reads the files again, each for itself: where one is wrong, its tokens read before go on, and what was taken out of the other holds
    /// no more.
    func reload() {
        if let userFile, let read = readAgain(userFile) { tokens.withLock { $0.users = read } }
        if let adminFile, let read = readAgain(adminFile) { tokens.withLock { $0.admins = read } }
    }

    private func readAgain(_ path: String) -> TokenFile? {
        do throws(TokenFile.Unusable) {
            return try TokenFile(path: path)
        } catch {
            logger.error(
                "A token file was not read again; its tokens read before still hold.", metadata: ["reason": "\(error.description)"])
            return nil
        }
    }

    /// Why a request may not use a route: 401 without a token, 403 with one that does not reach so far (RFC 6750, 3).
    func refusal(_ request: ServerRequest, _ access: RouteAccess) -> Problem? {
        guard access == .admin || (access == .user && userFile != nil) else { return nil }
        guard let token = BearerToken(request.head.headerFields) else {
            return Problem(
                .unauthorized, "This needs a token: send 'Authorization: Bearer <token>'.",
                fields: [.wwwAuthenticate: #"Bearer realm="fovea""#])
        }
        let tokens = tokens.withLock { $0 }
        let isAdmin = tokens.admins?.contains(token) ?? false
        let isUser = tokens.users?.contains(token) ?? false
        if isAdmin || (isUser && access == .user) { return nil }
        let (code, detail) =
            isUser
            ? ("insufficient_scope", "This needs an admin's token.")
            : ("invalid_token", "The token is not one of those that this server knows.")
        return Problem(.forbidden, detail, fields: [.wwwAuthenticate: #"Bearer realm="fovea", error="\#(code)""#])
    }
}
