import Glibc

/// A non-blocking TCP socket, or what listens for them. The one place that calls the system's socket functions on descriptors.
struct Socket: Sendable {
    enum ReadOutcome {
        case bytes(Int)
        case end
        case wouldBlock
        case failed(Int32)
    }

    enum WriteOutcome {
        case bytes(Int)
        case wouldBlock
        case failed(Int32)
    }

    enum AcceptOutcome {
        case socket(Socket, remoteAddress: String?)
        case none
        /// No descriptor or memory left: try again later.
        case exhausted(Int32)
        /// The listener itself is broken.
        case failed(Int32)
    }

    let descriptor: Int32

    /// Reads into the front of `buffer`, at most `limit` bytes.
    func read(into buffer: inout [UInt8], limit: Int = .max) -> ReadOutcome {
        receive { buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, min($0.count, limit), 0) } }
    }

    /// Takes at most so many bytes and throws them away: the system copies none of them (MSG_TRUNC, tcp(7)).
    func skip(_ count: Int) -> ReadOutcome {
        receive { recv(descriptor, nil, count, Int32(MSG_TRUNC)) }
    }

    private func receive(_ call: () -> Int) -> ReadOutcome {
        while true {
            let count = call()
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            default: return .failed(errno)
            }
        }
    }

    /// Writes `first` from `offset` on, then `second`, in one system call. A client that left raises no signal.
    func write(_ first: [UInt8], from offset: Int, then second: [UInt8]?) -> WriteOutcome {
        while true {
            let count = first.withUnsafeBytes { head in
                (second ?? []).withUnsafeBytes { tail in
                    var parts = [
                        iovec(
                            iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress.map { $0 + offset }), iov_len: head.count - offset),
                        iovec(iov_base: UnsafeMutableRawPointer(mutating: tail.baseAddress), iov_len: tail.count),
                    ]
                    return parts.withUnsafeMutableBufferPointer { vector in
                        var message = msghdr()
                        message.msg_iov = vector.baseAddress
                        message.msg_iovlen = tail.isEmpty ? 1 : 2
                        return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
                    }
                }
            }
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            default: return .failed(errno)
            }
        }
    }

    /// Ends the sending side: the other end reads an end.
    func endSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Whether the other end reset the connection, without reading from it.
    var isGone: Bool {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return false }
        return entry.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// Whether reading, or accepting, would find something.
    var isReadable: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Closes the descriptor; with `abruptly` what was not sent yet is thrown away and the other end sees a reset.
    func close(abruptly: Bool = false) {
        if abruptly {
            var option = linger(l_onoff: 1, l_linger: 0)
            _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        _ = Glibc.close(descriptor)
    }

    /// Takes the next connection that waits.
    func accept() -> AcceptOutcome {
        while true {
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.accept(descriptor, $0, &length)
                }
            }
            if accepted >= 0 {
                let socket = Socket(descriptor: accepted)
                _ = fcntl(accepted, F_SETFL, fcntl(accepted, F_GETFL) | O_NONBLOCK)
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                // Answers are written whole; waiting for more to send (Nagle) would only delay their last packet.
                socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
                return .socket(socket, remoteAddress: SocketAddress.text(&address, length))
            }
            switch errno {
            case EAGAIN, EWOULDBLOCK: return .none
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(errno)
            case EBADF, EINVAL, ENOTSOCK, EFAULT, EOPNOTSUPP: return .failed(errno)
            // ECONNABORTED, EPROTO, network errors: that one connection's own fault (accept(2)).
            default: continue
            }
        }
    }

    /// Sets an option; one that cannot be set is not worth failing for.
    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
