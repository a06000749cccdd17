import AccessLog
import Addressing

/// What a server is started with.
public struct Configuration: Sendable {
    /// Where to listen; port 0 takes a free one. At least one.
    public var listeners: [Listener] = [
        Listener(Endpoint(.loopbackV4, Port(3128))),
        Listener(Endpoint(.loopbackV6, Port(3128)), isOptional: true),
    ]
    /// Of the program, for those who ask how it is.
    public var version = ""
    /// Event loops, each a thread when busy; 1–64.
    public var workers = 1
    /// From accept to the end of the request.
    public var handshakeTimeout = Duration.seconds(10)
    /// For the look-up of a name, and again for all attempts to connect together.
    public var connectTimeout = Duration.seconds(10)
    /// How long a tunnel may be without a byte in either direction.
    public var idleTimeout = Duration.seconds(15 * 60)

    /// How long a client's connection may wait for its next plain HTTP request.
    public var keepAliveTimeout = Duration.seconds(60)
    /// The name under which the proxy stands in `Via`; nil adds none.
    public var via: String?
    /// Whether origins are told of the client's address.
    public var forwarded = ForwardedField.none
    /// The page by which browsers' users are told of a refusal; nil is the program's own.
    public var page: AnswerPage?
    /// What the proxy's own pages are told.
    public var pages = PageSettings()

    public var limits = Limits()
    /// Whether SOCKS5 clients may send datagrams.
    public var servesDatagrams = true
    /// How long an association may be without a datagram in either direction.
    public var datagramIdleTimeout = Duration.seconds(120)
    /// Verifies passwords; nil asks nobody for one.
    public var authenticator: Authenticator?
    /// Says how much memory the process holds.
    var readsMemory: @Sendable () -> UInt64? = ResidentMemory.bytes
    /// Idle connections to origins that are kept for further requests.
    var originPool = OriginPool.Limits()

    /// Whether a new policy ends the open tunnels that it denies.
    public var closesForbidden = false
    /// Where connections to origins leave from.
    public var source = Source()
    /// Whether what the client has sent already goes with the SYN. It may then reach the origin twice (RFC 7413 §6.1), and,
    /// of a name with several addresses, two origins.
    public var fastOpen = false

    /// How often the log notes that a tunnel is still open.
    public var tunnelNoteInterval = Duration.seconds(10 * 60)
    public var privacy = Privacy()

    public init() {}

    /// What the log doesn't tell.
    public struct Privacy: Sendable {
        /// What becomes of the queries of URLs.
        public var queries = QueryTreatment.keep
        /// Whether names stand in the place of clients' addresses and of users.
        public var hidesClients = false
        /// Makes those names, and hashes of queries; random unless it is given, so that they differ from run to run.
        public var key = (0..<32).map { _ in UInt8.random(in: .min ... .max) }

        public init() {}
    }

    /// An address of this machine for each family; nil leaves it to the system.
    public struct Source: Hashable, Sendable {
        private var v4: IPAddress?
        private var v6: IPAddress?

        public init() {}

        /// For connections to `destination`.
        public func address(for destination: IPAddress) -> IPAddress? {
            destination.isV4 ? v4 : v6
        }

        /// Takes the place of another of its family.
        public mutating func add(_ address: IPAddress) {
            if address.isV4 { v4 = address } else { v6 = address }
        }
    }

    /// How origins are told of the client's address. The raw value is how it is configured.
    public enum ForwardedField: String, CaseIterable, Sendable {
        case none = "off"
        /// `Forwarded`. Spec: RFC 7239.
        case forwarded
        case xForwardedFor = "x-forwarded-for"
    }

    public struct Listener: Sendable {
        public var endpoint: Endpoint
        /// A machine without the address goes without this listener.
        public var isOptional: Bool
        /// The load balancers that alone may connect here, each time with a PROXY header; nil for clients themselves.
        public var balancers: [IPPrefix]?

        public init(_ endpoint: Endpoint, isOptional: Bool = false, balancers: [IPPrefix]? = nil) {
            self.endpoint = endpoint
            self.isOptional = isOptional
            self.balancers = balancers
        }
    }
}
