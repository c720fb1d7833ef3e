import CTLSClient
import FoveaHTTPTesting

/// A client's end of TLS 1.3, without its socket, that renews keys as often as a test says.
final class TLSClient {
    private let pointer: OpaquePointer

    init() throws {
        guard let pointer = tls_client_create() else { throw TestError("OpenSSL has no memory") }
        self.pointer = pointer
    }

    deinit {
        tls_client_free(pointer)
    }

    /// Takes bytes from the server.
    func feed(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { tls_client_feed(pointer, $0, buffer.count) }
        }
    }

    /// The bytes that wait for the server.
    func takeOutput() -> [UInt8] {
        let pending = tls_client_pending(pointer)
        return [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
            count = buffer.baseAddress.map { tls_client_take(pointer, $0, pending) } ?? 0
        }
    }

    /// Goes on with the handshake.
    ///
    /// - Returns: whether it is over.
    func shakeHands() throws -> Bool {
        let outcome = tls_client_handshake(pointer)
        if outcome < 0 { throw TestError("the client's handshake failed") }
        return outcome == 1
    }

    /// Decrypts; empty where more of the server's bytes are needed, `nil` once the server said that it sends no more.
    func read() throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { tls_client_read(pointer, $0, buffer.count) } ?? 0
        }
        switch count {
        case 0...: return Array(bytes[..<count])
        case Int(TLS_CLIENT_END): return nil
        default: throw TestError("what the server sent is not TLS, or an alert")
        }
    }

    /// Encrypts.
    func write(_ bytes: [UInt8]) throws {
        let isWritten = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { tls_client_write(pointer, $0, buffer.count) } ?? 1
        }
        guard isWritten == 1 else { throw TestError("the client cannot encrypt") }
    }

    /// Renews its keys, and asks the server to do so (KeyUpdate; RFC 8446, 4.6.3), so many times.
    func updateKeys(_ times: Int) throws {
        for _ in 0..<times {
            guard tls_client_update_keys(pointer) == 1 else { throw TestError("the client cannot renew its keys") }
        }
    }

    /// Says that nothing more will be sent (`close_notify`).
    func end() throws {
        guard tls_client_end(pointer) == 1 else { throw TestError("the client cannot end") }
    }
}
