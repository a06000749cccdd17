/// What a server grants at most; nil is no limit. What is beyond is refused with a record.
public struct Limits: Hashable, Sendable {
    /// Connections of clients, in all.
    public var connections: Int?
    /// Connections from one address; an IPv6 client's is its /64.
    public var connectionsPerClient: Int?
    /// Tunnels and requests of one user at a time.
    public var requestsPerUser: Int?
    /// New requests a second from one address; a second's worth may come at once.
    public var requestRatePerClient: Int?
    /// Bytes a second of one user, both directions and all tunnels together.
    public var bandwidthPerUser: Int?

    /// Bytes of memory beyond which nobody is taken in.
    public var memory: Int?

    public init() {}
}
