/// How the client showed who it is. The raw value stands in the log.
public enum AuthMethod: String, Sendable, CaseIterable {
    case none
    /// HTTP Basic. Spec: RFC 7617.
    case basic
    /// SOCKS5 user name and password. Spec: RFC 1929.
    case socks5
}
