/// What the client spoke. The raw value stands in the log.
public enum RequestProtocol: String, Sendable, CaseIterable {
    /// Plain HTTP, absolute-form.
    case http
    /// HTTP CONNECT.
    case connect
    case socks4
    case socks4a
    case socks5
    /// A SOCKS5 UDP association.
    case udp
}
