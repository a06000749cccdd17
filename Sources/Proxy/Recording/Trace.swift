import AccessLog
import Addressing
import EventLoop
import Policy

/// What is remembered of a request until its record is written. It lives as long as an idle tunnel, so it is small:
/// what most requests don't have is in `notes`, and what can be derived at the end is not kept.
struct Trace {
    /// Counts the worker's connections, from 1.
    private(set) var number: UInt64
    /// Microseconds since the epoch.
    private(set) var start: Int64
    private(set) var accepted: Instant
    /// As the kernel gave it, or the PROXY protocol.
    var client: Endpoint
    /// Index among the server's listeners.
    private(set) var listener: UInt16
    /// Where in `notes.resolved` the address of the connection to the origin stands; 0 for a host that is an address.
    var dialledIndex: UInt16?

    var facts = Negotiation.Facts()
    var timings = Timings()
    var verdict: Policy.Verdict?
    /// Our end of the connection to the origin.
    var local: Endpoint?
    /// Nil where nobody asked, and the client said nothing.
    var identity: Identity?
    var notes: Notes?
    /// Of plain HTTP requests. Spelled out, it has no value before the initializer sets it: to set it a second time would make
    /// the initializer copy the whole trace.
    var http: Optional<HTTPNotes>

    /// - Parameters:
    ///   - start: microseconds since the epoch.
    ///   - http: of a plain HTTP request, or one that shares its connection with others.
    init(
        number: UInt64, client: Endpoint, listener: UInt16, at now: Instant, start: Int64 = WallClock.microseconds(),
        http: HTTPNotes? = nil
    ) {
        self.number = number
        self.client = client
        self.listener = listener
        self.start = start
        self.http = http
        accepted = now
    }

    /// The trace, to be handed on: nothing of it stays behind, so that nothing has to be copied.
    mutating func take() -> Trace {
        var taken = Trace(number: number, client: client, listener: listener, at: accepted, start: start)
        swap(&taken, &self)
        return taken
    }

    /// The address of the connection to the origin; nil while there is none.
    var dialled: IPAddress? {
        if let address = http?.reusedAddress { return address }
        guard let dialledIndex, let host = facts.host else { return nil }
        switch host {
        case .address(let address): return address
        case .name: return notes?.resolved[Int(dialledIndex)]
        }
    }

    /// The request as the policy sees it; nil before it is known where it wants to go.
    var request: Policy.Request? {
        guard let host = facts.host, let port = facts.port else { return nil }
        return Policy.Request(
            client: client.address, user: identity?.user, host: host, port: port, via: facts.via,
            time: start / 1_000_000)
    }

    mutating func dialled(_ address: IPAddress) {
        dialledIndex = UInt16(notes?.resolved.firstIndex(of: address) ?? 0)
    }

    /// An idle connection serves, by leave of the policy.
    mutating func reuse(_ origin: OriginConnection, by verdict: Policy.Verdict) {
        self.verdict = verdict
        local = origin.local
        http?.reusedAddress = origin.address
    }

    /// Of tunnels that began with TLS.
    var tls: TLSNotes? {
        get { notes?.tls }
        set { if newValue != nil { withNotes { $0.tls = newValue } } }
    }

    /// What became of a look-up, attempts to connect that failed, and what else most tunnels don't have.
    final class Notes {
        /// The addresses of a name, each once.
        var resolved: [IPAddress] = []
        /// Those of them that the policy struck out.
        var refused: [IPAddress] = []
        /// Where they are from.
        var resolver: Resolution.Source?
        /// The full name of a short one, where the search list made it.
        var fullName: HostName?
        var failures: [DialPlan.Failure] = []
        var tls: TLSNotes?
        /// Microseconds that the client's password took to be verified.
        var authentication: Int64?
        var datagrams: DatagramNotes?
        /// The load balancer that told of the client.
        var balancer: Endpoint?
        /// What the connection and its user's request hold of their limits, until the trace goes.
        var place: Limiter.Place?
        var userPlace: Limiter.Place?
    }

    /// What only UDP associations have.
    struct DatagramNotes {
        let up: UInt64
        let down: UInt64
        /// Where they went, separated by blanks.
        let destinations: String
    }

    /// What only plain HTTP requests have, and of others those that share a connection.
    final class HTTPNotes {
        /// The request's place on its connection, from 1.
        private(set) var ordinal: UInt32
        var scheme = ""
        var path: [UInt8] = []
        var referer: [UInt8] = []
        var originStatus: UInt16?
        /// Bytes of the heads, as they were sent on.
        var upHead: UInt64?
        var downHead: UInt64?
        /// The address of an idle connection to the origin that was used again.
        var reusedAddress: IPAddress?

        init(ordinal: UInt32) {
            self.ordinal = ordinal
        }

        /// As new, but for the storage of its texts.
        func reset(ordinal: UInt32) {
            self.ordinal = ordinal
            scheme = ""
            Self.empty(&path)
            Self.empty(&referer)
            originStatus = nil
            upHead = nil
            downHead = nil
            reusedAddress = nil
        }

        private static func empty(_ text: inout [UInt8]) {
            text.removeAll(keepingCapacity: text.capacity <= 1024)
        }
    }

    mutating func withNotes(_ body: (Notes) -> Void) {
        let notes = self.notes ?? Notes()
        self.notes = notes
        body(notes)
    }

    /// How long each stage took.
    struct Timings {
        /// A number of microseconds below 71 minutes, or nothing, in four bytes.
        struct Span {
            private var value = UInt32.max

            var microseconds: Int64? { value == .max ? nil : Int64(value) }

            mutating func set(_ microseconds: Int64) {
                value = UInt32(clamping: min(max(microseconds, 0), Int64(UInt32.max) - 1))
            }
        }

        var negotiation = Span()
        var resolution = Span()
        var connection = Span()
        var firstByte = Span()
    }
}
