import Glibc

extension Socket {
    /// Binds and listens on the first address of `host` that works.
    ///
    /// - Parameter port: 0 lets the system pick one.
    /// - Returns: the listener and its port.
    static func listen(host: String, port: Int, backlog: Int) throws(HTTPServerStartError) -> (Socket, port: Int) {
        guard (0...65_535).contains(port) else { throw HTTPServerStartError("The port \(port) is not one of 0 to 65535.") }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let list else {
            let reason = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
            throw HTTPServerStartError("The host '\(host)' cannot be resolved: \(reason).")
        }
        defer { freeaddrinfo(list) }
        var failure = "it has no address"
        for info in sequence(first: list, next: { $0.pointee.ai_next }) {
            let descriptor = socket(
                info.pointee.ai_family, info.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
                info.pointee.ai_protocol)
            guard descriptor >= 0 else {
                failure = message(errno)
                continue
            }
            let socket = Socket(descriptor: descriptor)
            socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
            // '::' takes IPv4 connections too.
            if info.pointee.ai_family == AF_INET6 { socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
            guard bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0,
                Glibc.listen(descriptor, Int32(clamping: backlog)) == 0, let bound = socket.localPort
            else {
                failure = message(errno)
                socket.close()
                continue
            }
            return (socket, bound)
        }
        throw HTTPServerStartError("The server cannot listen on \(host), port \(port): \(failure).")
    }

    /// Has the system ignore who knocks from now on, while connections whose handshake has begun still come in.
    ///
    /// Closing a listener resets what its queue holds, and a client may have sent its request into that queue already. So the queue is first kept from
    /// filling: a packet filter drops each packet that begins a handshake (SYN without ACK, RFC 9293, 3.5); the client repeats it and finds the
    /// listener closed. Where the system has no such filter, a connection may be lost in the moment between the last accept and the close.
    func ignoreNewConnections() {
        /// `struct sock_filter` of linux/filter.h.
        struct Instruction {
            var code: UInt16
            var ifTrue: UInt8 = 0
            var ifFalse: UInt8 = 0
            var value: UInt32
        }
        /// `struct sock_fprog`.
        struct Program {
            var count: UInt16
            var instructions: UnsafeMutablePointer<Instruction>?
        }
        var instructions = [
            // The TCP header's flags.
            Instruction(code: 0x30, value: 13),
            Instruction(code: 0x54, value: 0x12),
            Instruction(code: 0x15, ifFalse: 1, value: 0x02),
            Instruction(code: 0x06, value: 0),
            Instruction(code: 0x06, value: .max),
        ]
        instructions.withUnsafeMutableBufferPointer { buffer in
            var program = Program(count: UInt16(buffer.count), instructions: buffer.baseAddress)
            _ = setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<Program>.size))
        }
    }

    private var localPort: Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return code == 0 ? SocketAddress.parts(&address, length)?.port : nil
    }

    /// The system's text for an error number.
    static func message(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
