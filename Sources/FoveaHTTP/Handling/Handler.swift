import HTTPTypes

/// What answers requests. It never throws: an error is an answer too.
public protocol Handler: Sendable {
    /// The answer to a request whose body is there.
    ///
    /// The surrounding task is cancelled when the client leaves; `ServerRequest.client` tells the same.
    func respond(to request: ServerRequest) async -> ServerResponse

    /// Takes a request whose answer needs no task of its own, where this is one: a task is another thread to wake, which costs as much as a short answer.
    /// Called on the connection's loop, before `respond`: it must be quick and must not block.
    ///
    /// - Parameter reply: where the answer goes, at once or later.
    /// - Returns: whether it was taken; else `respond` is asked.
    func take(_ request: ServerRequest, _ reply: Reply) -> Bool

    /// Decides, before the body is read, whether it is wanted. Called on the connection's loop: it must be quick and must not block.
    ///
    /// - Parameter head: a request without its body; its path is in origin-form (or `*`).
    func admit(_ head: ServerRequest) -> Admission
}

extension Handler {
    /// Takes none.
    public func take(_ request: ServerRequest, _ reply: Reply) -> Bool { false }

    /// Accepts every body that the server's own limit allows.
    public func admit(_ head: ServerRequest) -> Admission {
        .accept(.optional)
    }
}
