import Dispatch
import Glibc

/// A connection over the loopback interface, on blocking calls on a queue of its own.
public final class SocketStream: ByteStream {
    private let descriptor: Int32
    private let sending = DispatchQueue(label: "fovea.test.send")
    private let receiving = DispatchQueue(label: "fovea.test.receive")

    /// Connects to a port of 127.0.0.1.
    public init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestError("no socket: \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            _ = Glibc.close(descriptor)
            throw TestError("cannot connect to port \(port): \(errno)")
        }
        var on: Int32 = 1
        _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// See `ByteStream`.
    public func send(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            sending.async { [self] in
                var sent = 0
                while sent < bytes.count {
                    let count = bytes.withUnsafeBytes { buffer in
                        buffer.baseAddress.map { Glibc.send(descriptor, $0 + sent, buffer.count - sent, Int32(MSG_NOSIGNAL)) } ?? 0
                    }
                    guard count > 0 else { return continuation.resume(throwing: TestError("sending failed: \(errno)")) }
                    sent += count
                }
                continuation.resume()
            }
        }
    }

    /// See `ByteStream`.
    public func endSending() async {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// See `ByteStream`.
    public func reset() async {
        // Connecting a TCP socket to no address resets it (connect(2)), without giving up the descriptor.
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNSPEC)
        _ = connect(descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// See `ByteStream`. The descriptor stays until the object goes; nothing is received any more.
    public func close() async {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// See `ByteStream`.
    public func receive() async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            receiving.async { [self] in
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
                if count >= 0 {
                    continuation.resume(returning: Array(buffer[..<count]))
                } else {
                    continuation.resume(throwing: TestError("receiving failed: \(String(cString: strerror(errno)))"))
                }
            }
        }
    }
}
