/// A client's connection that sends bytes as a test says and reads answers.
public actor TestConnection {
    /// The bytes' way.
    public let stream: any ByteStream
    private var reader = ResponseReader()
    /// The 1xx answers that came so far.
    public private(set) var interim: [Int] = []

    /// A connection over any way of bytes.
    public init(stream: any ByteStream) {
        self.stream = stream
    }

    /// Sends text; its line ends are sent as they are.
    public func send(_ text: String) async throws {
        try await stream.send(Array(text.utf8))
    }

    /// Sends bytes.
    public func send(_ bytes: [UInt8]) async throws {
        try await stream.send(bytes)
    }

    /// The next final answer; `nil` when the connection ended instead.
    ///
    /// - Parameter toHead: whether it answers HEAD, and so has no body.
    public func response(toHead: Bool = false) async throws -> TestResponse? {
        while true {
            if let response = try reader.next(toHead: toHead) {
                if response.status >= 200 { return response }
                interim.append(response.status)
                continue
            }
            let bytes = try await stream.receive()
            if bytes.isEmpty {
                guard reader.isEmpty else { throw TestError("the connection ended amid an answer") }
                return nil
            }
            reader.append(bytes)
        }
    }

    /// Waits until a 1xx answer came.
    ///
    /// - Returns: its status; `nil` when a final answer or the end came instead.
    public func interimResponse() async throws -> Int? {
        while true {
            if let response = try reader.next(toHead: false) { return response.status < 200 ? response.status : nil }
            let bytes = try await stream.receive()
            if bytes.isEmpty { return nil }
            reader.append(bytes)
        }
    }
}
