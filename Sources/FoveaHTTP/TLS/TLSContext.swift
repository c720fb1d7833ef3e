import CFoveaTLS
import FoveaSystem
import Logging
import Synchronization

/// A certificate chain with its key, checked, and the settings of every TLS connection: TLS 1.2 and 1.3, ALPN `http/1.1` (RFC 7301).
///
/// OpenSSL counts its owners with atomics and lets threads share it; that is what makes it `Sendable`.
final class TLSContext: @unchecked Sendable {
    private let pointer: OpaquePointer
    /// What is usable but wrong, such as an expired certificate.
    let warning: String?

    /// Reads the files.
    ///
    /// - Throws: an `HTTPServerStartError` that names the file and what is wrong with it.
    init(_ configuration: TLSConfiguration) throws(HTTPServerStartError) {
        // OpenSSL would wait for a pipe's writer, and a server that reads its files again with it. What is not there OpenSSL tells itself.
        for path in [configuration.certificate, configuration.key, configuration.clientCA].compactMap({ $0 }) {
            guard let status = FileStatus(path), !status.isRegular else { continue }
            throw HTTPServerStartError("TLS cannot start. '\(path)' is not a regular file.")
        }
        var message = [UInt8](repeating: 0, count: 1_024)
        let pointer = message.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.flatMap {
                    fovea_tls_context_create(configuration.certificate, configuration.key, configuration.clientCA, $0, text.count)
                }
            }
        }
        let text = String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
        guard let pointer else { throw HTTPServerStartError("TLS cannot start. \(text.isEmpty ? "OpenSSL has no memory." : text)") }
        self.pointer = pointer
        warning = text.isEmpty ? nil : text
    }

    deinit {
        fovea_tls_context_free(pointer)
    }

    /// A new connection's session; `nil` without memory.
    func makeSession() -> TLSSession? {
        fovea_tls_session_create(pointer).map(TLSSession.init)
    }
}

/// The context that new connections take, which a reload swaps.
final class TLSStore: Sendable {
    private let configuration: TLSConfiguration
    private let current: Mutex<TLSContext>
    private let logger: Logger

    init(_ configuration: TLSConfiguration, logger: Logger) throws(HTTPServerStartError) {
        self.configuration = configuration
        self.logger = logger
        let context = try TLSContext(configuration)
        current = Mutex(context)
        if let warning = context.warning { logger.warning("\(warning)") }
    }

    /// Reads the files again; the old context stays when they are wrong.
    func reload() throws(HTTPServerStartError) {
        let context = try TLSContext(configuration)
        if let warning = context.warning { logger.warning("\(warning)") }
        current.withLock { $0 = context }
    }

    func makeSession() -> TLSSession? {
        current.withLock { $0 }.makeSession()
    }
}
