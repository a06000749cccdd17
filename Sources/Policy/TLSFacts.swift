import Addressing

/// What a tunnel's first bytes say about TLS, for the rules with `sni`.
public struct TLSFacts: Hashable, Sendable {
    public enum ServerName: Hashable, Sendable {
        /// The ClientHello names no server.
        case missing
        /// It names something that is no host name.
        case invalid
        case name(HostName)
    }

    /// Whether the client began with a ClientHello.
    public let isTLS: Bool
    /// As the client sent it in the clear; with an encrypted ClientHello it is the name of the outer one.
    public let serverName: ServerName
    /// Whether the ClientHello carries an encrypted one, or something that looks like it.
    public let hasEncryptedHello: Bool

    /// Of a ClientHello.
    public init(serverName: ServerName, hasEncryptedHello: Bool) {
        isTLS = true
        self.serverName = serverName
        self.hasEncryptedHello = hasEncryptedHello
    }

    /// Of first bytes that are no ClientHello.
    public static let notTLS = TLSFacts()

    private init() {
        isTLS = false
        serverName = .missing
        hasEncryptedHello = false
    }
}
