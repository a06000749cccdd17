import Addressing

/// All that is known about one request: one line of the log.
///
/// A loop keeps one record, calls `reset()`, fills it from its compact state when a request ends, and appends it to
/// its `RecordBatch`. Texts are copied into an arena that `reset()` keeps, so that filling allocates nothing in the
/// long run. What is nil or empty is left out of the line: absent means not applicable.
///
/// Times are microseconds since the epoch, durations microseconds; durations are written as milliseconds.
public struct Record: Sendable {
    /// Which of a request's records this is. The raw value stands in the log.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The final one; there is exactly one for each request and for each connection that never became one.
        case request = 0
        /// A tunnel has opened.
        case open = 1
        /// A tunnel is still open; running totals.
        case update = 2
    }

    public var kind = Kind.request
    public var connection = ConnectionID(run: 0, worker: 0, number: 0)
    /// The request's place on its connection, from 1.
    public var ordinal: UInt32 = 1
    public var start: Int64 = 0
    /// Absent in the records of a tunnel that is still open.
    public var end: Int64?

    /// As seen by the kernel, or as told by the PROXY protocol.
    public var client: Endpoint?
    /// As seen by the kernel, where the PROXY protocol told another `client`.
    public var peer: Endpoint?
    public var listener: Endpoint?
    public var auth: AuthMethod?
    public var proto: RequestProtocol?
    /// The destination's port.
    public var port: Port?
    public var verdict: Verdict?

    /// Every address the name has, as the resolver gave them.
    public var resolved: [IPAddress] = []
    /// Those of `resolved` that the policy struck out.
    public var refused: [IPAddress] = []
    /// The address of the connection to the origin.
    public var dialled: IPAddress?
    /// Every connection that was tried, in order.
    public var attempts: [Attempt] = []
    /// Our end of the connection to the origin.
    public var local: Endpoint?

    /// Whether the TLS server name is the host that was asked for.
    public var serverNameMatches: Bool?
    /// Whether the ClientHello carries Encrypted Client Hello.
    public var hasEncryptedHello: Bool?

    /// HTTP status the client was sent.
    public var status: UInt16?
    /// HTTP status the origin sent.
    public var originStatus: UInt16?
    /// SOCKS reply code the client was sent.
    public var reply: UInt8?

    /// Payload bytes from the client to the origin.
    public var up: UInt64?
    /// Payload bytes from the origin to the client.
    public var down: UInt64?
    /// Of plain HTTP: the bytes of request heads, which `up` does not count.
    public var upHead: UInt64?
    /// Of plain HTTP: the bytes of response heads, which `down` does not count.
    public var downHead: UInt64?

    /// Of a UDP association: datagrams from the client to origins, and back.
    public var datagramsUp: UInt64?
    public var datagramsDown: UInt64?

    /// Smoothed round-trip time of the client's leg, microseconds.
    public var clientRoundTrip: UInt32?
    /// Smoothed round-trip time of the origin's leg, microseconds.
    public var originRoundTrip: UInt32?
    /// Segments sent again to the client.
    public var clientRetransmits: UInt32?
    /// Segments sent again to the origin.
    public var originRetransmits: UInt32?

    public var outcome: Outcome?
    public var endedBy: EndedBy?
    public var stage: Stage?
    /// The `errno` behind the outcome; 0 is none.
    public var errorNumber: Int32 = 0

    /// How long each stage took, microseconds.
    public var durations = Durations()

    /// The host, where it is an address.
    var hostAddress: IPAddress?
    /// What the policy said, in the place of the texts that say it.
    public var decision: DecisionText?
    var texts = Texts()

    public init() {}

    /// How long each stage took, microseconds; nil where the request never was.
    public struct Durations: Hashable, Sendable {
        public var negotiate: Int64?
        public var authenticate: Int64?
        public var resolve: Int64?
        public var connect: Int64?
        /// From the end of the request to the first byte of the origin.
        public var firstByte: Int64?
        public var total: Int64?

        public init() {}
    }
}
