import Addressing

/// What a server is started with.
public struct Configuration: Sendable {
    /// Where to listen; port 0 takes a free one. At least one.
    public var listeners: [Listener] = [
        Listener(Endpoint(.loopbackV4, Port(3128))),
        Listener(Endpoint(.loopbackV6, Port(3128)), isOptional: true),
    ]
    /// Event loops, each a thread when busy; 1–64.
    public var workers = 1
    /// From accept to the end of the request.
    public var handshakeTimeout = Duration.seconds(10)
    /// For the look-up of a name, and again for all attempts to connect together.
    public var connectTimeout = Duration.seconds(10)
    /// How long a tunnel may be without a byte in either direction.
    public var idleTimeout = Duration.seconds(15 * 60)

    public init() {}

    public struct Listener: Sendable {
        public var endpoint: Endpoint
        /// A machine without the address goes without this listener.
        public var isOptional: Bool

        public init(_ endpoint: Endpoint, isOptional: Bool = false) {
            self.endpoint = endpoint
            self.isOptional = isOptional
        }
    }
}
