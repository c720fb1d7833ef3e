import FoveaHTTPTesting

/// A TLS connection over the loopback interface that tells whether the server said that it ends.
actor TLSStream: ByteStream {
    private let socket: SocketStream
    private let client: TLSClient
    /// Whether the server said that it sends no more (`close_notify`).
    private(set) var isEnded = false

    /// Connects to a port of 127.0.0.1 and shakes hands.
    init(port: Int) async throws {
        socket = try SocketStream(port: port)
        client = try TLSClient()
        while try !client.shakeHands() {
            try await flush()
            let bytes = try await socket.receive()
            if bytes.isEmpty { throw TestError("the connection ended amid the handshake") }
            client.feed(bytes)
        }
        try await flush()
    }

    private func flush() async throws {
        let output = client.takeOutput()
        if !output.isEmpty { try await socket.send(output) }
    }

    func send(_ bytes: [UInt8]) async throws {
        try client.write(bytes)
        try await flush()
    }

    /// Renews the keys so many times.
    func updateKeys(_ times: Int) async throws {
        try client.updateKeys(times)
        try await flush()
    }

    /// Says that nothing more will be sent (`close_notify`).
    func sayEnd() async throws {
        try client.end()
        try await flush()
    }

    /// Without a word of TLS.
    func endSending() async {
        await socket.endSending()
    }

    func reset() async {
        await socket.reset()
    }

    func close() async {
        await socket.close()
    }

    func receive() async throws -> [UInt8] {
        while true {
            guard let bytes = try client.read() else {
                isEnded = true
                return []
            }
            if !bytes.isEmpty { return bytes }
            let received = try await socket.receive()
            if received.isEmpty { return [] }
            client.feed(received)
        }
    }
}
