import Addressing

/// What a client asks for, as far as the policy looks at it: one value, made once, judged as often as needed.
public struct Request: Hashable, Sendable {
    /// The client's address as the kernel or the PROXY protocol gave it.
    public let client: IPAddress
    /// Who the client has shown to be; nil when it has shown nothing.
    public let user: String?
    public let host: Host
    public let port: Port
    public let via: Via
    /// When it was asked, in seconds since 1970-01-01T00:00:00Z.
    public let time: Int64

    public init(client: IPAddress, user: String? = nil, host: Host, port: Port, via: Via, time: Int64) {
        self.client = client
        self.user = user
        self.host = host
        self.port = port
        self.via = via
        self.time = time
    }
}

/// The way a request came in, in the words of the record's key `proto`.
public enum Via: String, CaseIterable, Sendable {
    case http
    case connect
    case socks4
    case socks4a
    case socks5
    case udp
}
