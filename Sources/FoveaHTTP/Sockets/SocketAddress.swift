import Glibc

/// Reads socket addresses.
enum SocketAddress {
    /// `127.0.0.1:80` or `[::1]:80`, or `nil` for other families.
    static func text(_ address: inout sockaddr_storage, _ length: socklen_t) -> String? {
        guard let (host, port) = parts(&address, length) else { return nil }
        return Int32(address.ss_family) == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Numeric host and port.
    static func parts(_ address: inout sockaddr_storage, _ length: socklen_t) -> (host: String, port: Int)? {
        var host = [UInt8](repeating: 0, count: Int(NI_MAXHOST))
        var service = [UInt8](repeating: 0, count: 16)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                host.withUnsafeMutableBytes { host in
                    service.withUnsafeMutableBytes { service in
                        getnameinfo(
                            address, length, host.baseAddress?.assumingMemoryBound(to: CChar.self), socklen_t(host.count),
                            service.baseAddress?.assumingMemoryBound(to: CChar.self), socklen_t(service.count),
                            NI_NUMERICHOST | NI_NUMERICSERV)
                    }
                }
            }
        }
        guard code == 0, let port = Int(String(decoding: service.prefix { $0 != 0 }, as: UTF8.self)) else { return nil }
        return (String(decoding: host.prefix { $0 != 0 }, as: UTF8.self), port)
    }
}
