/// The PEM files that TLS needs.
public struct TLSConfiguration: Sendable, Equatable {
    /// The server's certificate, followed by those that lead to the root.
    public var certificate: String
    /// The certificate's private key, without a passphrase.
    public var key: String
    /// The certificates that sign clients' certificates; when given, a client without one is refused.
    public var clientCA: String?

    /// Paths of files, relative to the working directory.
    public init(certificate: String, key: String, clientCA: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
    }
}
