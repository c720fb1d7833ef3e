import FoveaHTTP
import HTTPTypes

/// Answers with what it was asked: `METHOD path body`.
struct EchoHandler: Handler {
    var admission: @Sendable (ServerRequest) -> Admission = { _ in .accept(.optional) }

    func respond(to request: ServerRequest) async -> ServerResponse {
        ServerResponse(text: "\(request.head.method.rawValue) \(request.head.path ?? "-") \(String(decoding: request.body, as: UTF8.self))")
    }

    func admit(_ head: ServerRequest) -> Admission {
        admission(head)
    }
}

/// A handler whose answers a test lets go one by one.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var arrivals = 0
    private var arrivalWaiters: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        arrivals += 1
        for waiter in arrivalWaiters { waiter.resume() }
        arrivalWaiters = []
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }

    /// Waits until a handler came.
    func arrival() async {
        while arrivals == 0 { await withCheckedContinuation { arrivalWaiters.append($0) } }
    }
}

extension ClientConnection {
    /// Waits until the client left.
    func departure() async {
        while isConnected { try? await Task.sleep(for: .milliseconds(2)) }
    }
}
