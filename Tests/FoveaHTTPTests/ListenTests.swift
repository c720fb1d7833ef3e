import FoveaHTTPTesting
import Glibc
import Testing

@testable import FoveaHTTP

@Suite struct ListenTests {
    /// A client that knocks and does not wait.
    private func knock(_ port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    /// Whether a knock was answered, in either way, within so many milliseconds.
    private func isAnswered(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    @Test func whoeverWaitsIsStillTakenAndNobodyElseKnocks() async throws {
        let (listener, port) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 8)
        let early = try SocketStream(port: port)
        try await early.send(Array("hello".utf8))
        listener.ignoreNewConnections()
        let late = knock(port)
        defer { close(late) }
        #expect(!isAnswered(late, within: 100))
        guard case .socket(let accepted, _) = listener.accept() else {
            Issue.record("who waited is gone")
            return
        }
        defer { accepted.close() }
        var buffer = [UInt8](repeating: 0, count: 16)
        guard case .bytes(5) = accepted.read(into: &buffer) else {
            Issue.record("what was sent is gone")
            return
        }
        guard case .none = listener.accept() else {
            Issue.record("the late one came in")
            return
        }
        listener.close()
        // The system repeats the knock after a second, and is refused.
        #expect(isAnswered(late, within: 5_000))
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(late, SOL_SOCKET, SO_ERROR, &code, &size)
        #expect(code == ECONNREFUSED)
    }
}
