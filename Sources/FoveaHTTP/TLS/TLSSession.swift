import CFoveaTLS

/// One connection's TLS, without its socket: bytes of the network in and out, bytes of HTTP out and in. Used by one thread at a time.
final class TLSSession {
    enum ReadOutcome {
        case bytes(Int)
        /// More of the network's bytes are needed.
        case more
        /// The client said that it sends no more (`close_notify`).
        case end
        /// The handshake failed, or the bytes are not TLS; why, in OpenSSL's words. An alert may wait in the output.
        case failed(String)
    }

    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        fovea_tls_session_free(pointer)
    }

    /// Takes bytes from the network.
    func feed(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return true }
            return fovea_tls_session_feed(pointer, base, buffer.count) == 1
        }
    }

    /// Decrypts into the front of `buffer`, and goes on with the handshake.
    func read(into buffer: inout [UInt8]) -> ReadOutcome {
        let count = buffer.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { fovea_tls_session_read(pointer, $0, buffer.count) } ?? 0
        }
        switch count {
        case 1...: return .bytes(count)
        case Int(FOVEA_TLS_MORE): return .more
        case Int(FOVEA_TLS_END): return .end
        default: return .failed(String(cString: fovea_tls_session_reason(pointer)))
        }
    }

    /// Whether the handshake is over.
    var isEstablished: Bool { fovea_tls_session_is_established(pointer) != 0 }

    /// Encrypts.
    func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, !buffer.isEmpty else { return true }
            return fovea_tls_session_write(pointer, base, buffer.count) == 1
        }
    }

    /// Says that nothing more will be sent (`close_notify`), if that was not said and the handshake is over.
    func end() {
        fovea_tls_session_end(pointer)
    }

    /// The bytes that wait for the network.
    func takeOutput() -> [UInt8] {
        let pending = fovea_tls_session_pending(pointer)
        guard pending > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: pending) { buffer, count in
            count = buffer.baseAddress.map { fovea_tls_session_take(pointer, $0, pending) } ?? 0
        }
    }
}
