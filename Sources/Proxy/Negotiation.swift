import AccessLog
import Addressing
import Wire

/// What a client says until its request is there: protocol detection, SOCKS5 negotiation, the HTTP head. No I/O.
///
///     sniffing ──05──▶ greeting ──▶ socksRequest ──▶ (request)
///        │                 └──▶ credentials ──(log in)──▶ socksRequest
///        │────04──▶ socks4 ──▶ (request)
///        └──token──▶ httpHead ──▶ (request, or forward)
///
/// `received` is given all bytes that were not consumed yet, and again after each `select` with those that remain.
struct Negotiation {
    private enum State {
        /// Nothing has come.
        case sniffing
        /// SOCKS5: methods are awaited; then `socksRequest`.
        case greeting
        /// SOCKS5: user name and password are awaited; then `socksRequest`.
        case credentials
        /// SOCKS5: the method is agreed on, the request is awaited.
        case socksRequest
        case socks4
        case httpHead(HTTP1.HeadScanner)
    }

    /// What the driver is to do.
    enum Step {
        /// Wait for more bytes.
        case incomplete
        /// Send the method selection, drop `consumed` bytes and come again.
        case select(SOCKS5.Method, consumed: Int)
        /// Check the credentials, drop `consumed` bytes, and come again once they are found right.
        case logIn(Credentials, consumed: Int)
        /// The request is complete; what follows `consumed` bytes belongs to the tunnel.
        case request(Host, Port, consumed: Int)
        /// A UDP association is asked for, by a client that will send from `announced` if that says anything.
        case associate(announced: Port, consumed: Int)
        /// A plain HTTP request: nothing is consumed, and its connection may carry more of them.
        case forward
        /// Send the refusal and close.
        case refuse(Refusal)

        /// Whether it is known what the client wants.
        var isRequest: Bool {
            switch self {
            case .request, .associate, .forward: true
            case .incomplete, .select, .logIn, .refuse: false
            }
        }
    }

    private var state = State.sniffing
    /// What an HTTP client has shown of who it is.
    private(set) var offer = LoginOffer.nothing
    /// What a SOCKS4 client says of its user, which nothing checks.
    private(set) var claimedUser: [UInt8] = []
    /// Whether the request is not for a connection to its destination, but for one from there.
    private(set) var isBind = false
    private let asking: Asking

    /// Whether clients are asked who they are.
    enum Asking {
        case nobody
        /// Who doesn't say is anonymous.
        case optional
        case required

        init(_ authenticator: Authenticator?) {
            self = authenticator.map { $0.isRequired ? .required : .optional } ?? .nobody
        }
    }

    init(_ asking: Asking = .nobody) {
        self.asking = asking
    }

    /// Where the client stands, which decides how a refusal is worded.
    var dialect: Dialect {
        switch state {
        case .sniffing: .none
        case .greeting: .socks5Greeting
        case .credentials: .socks5Credentials
        case .socksRequest: .socks5
        case .socks4: .socks4
        case .httpHead: .http
        }
    }

    /// The same for the record.
    var stage: Stage {
        if case .sniffing = state { .sniff } else { .negotiate }
    }

    /// - Parameters:
    ///   - facts: take in what is known of the request, for the record; a refusal leaves what it found.
    ///   - head: storage for an HTTP head, used again from request to request.
    mutating func received(_ bytes: Span<UInt8>, _ facts: inout Facts, head: inout HTTP1.RequestHead) -> Step {
        guard bytes.count > 0 else { return .incomplete }
        switch state {
        case .sniffing: return sniff(bytes, &facts, head: &head)
        case .greeting: return greeting(bytes)
        case .credentials: return credentials(bytes)
        case .socksRequest: return socksRequest(bytes, &facts)
        case .socks4: return socks4(bytes, &facts)
        case .httpHead(var scanner):
            defer { state = .httpHead(scanner) }
            return httpHead(bytes, &facts, &scanner, &head)
        }
    }

    // MARK: - Private

    private mutating func sniff(_ bytes: Span<UInt8>, _ facts: inout Facts, head: inout HTTP1.RequestHead) -> Step {
        switch bytes[0] {
        case SOCKS5.version:
            facts.proto = .socks5
            state = .greeting
        case SOCKS4.version:
            facts.proto = .socks4
            state = .socks4
        case let byte where HTTP1.canBeginRequest(byte):
            facts.proto = .http
            state = .httpHead(HTTP1.HeadScanner(.request))
        default:
            return .refuse(.unknownProtocol)
        }
        return received(bytes, &facts, head: &head)
    }

    private mutating func greeting(_ bytes: Span<UInt8>) -> Step {
        do throws(SOCKS5.ParseError) {
            guard case .complete(let greeting, let consumed) = try SOCKS5.Greeting.parse(bytes) else {
                return .incomplete
            }
            if asking != .nobody, greeting.offers(.usernamePassword) {
                state = .credentials
                return .select(.usernamePassword, consumed: consumed)
            }
            if asking == .required { return .refuse(.login(.missing)) }
            guard greeting.offers(.noAuthentication) else { return .refuse(.noAcceptableMethod) }
            state = .socksRequest
            return .select(.noAuthentication, consumed: consumed)
        } catch {
            return .refuse(.malformed(error))
        }
    }

    private mutating func credentials(_ bytes: Span<UInt8>) -> Step {
        do throws(SOCKS5.ParseError) {
            guard case .complete(let credentials, let consumed) = try SOCKS5.Credentials.parse(bytes) else {
                return .incomplete
            }
            return .logIn(Credentials(credentials), consumed: consumed)
        } catch {
            return .refuse(.malformed(error))
        }
    }

    /// The credentials were right: the request is next.
    mutating func loggedIn() {
        state = .socksRequest
    }

    private mutating func socksRequest(_ bytes: Span<UInt8>, _ facts: inout Facts) -> Step {
        do throws(SOCKS5.ParseError) {
            guard case .complete(let request, let consumed) = try SOCKS5.Request.parse(bytes) else {
                return .incomplete
            }
            do throws(HostError) {
                try facts.take(request)
            } catch {
                return .refuse(.invalidHost(error))
            }
            if request.command == .udpAssociate { return .associate(announced: request.port, consumed: consumed) }
            isBind = request.command == .bind
            guard let host = facts.host else { return .refuse(.unsupportedCommand) }
            guard request.port.rawValue > 0 else { return .refuse(.invalidHost(.invalidPort)) }
            return .request(host, request.port, consumed: consumed)
        } catch {
            return .refuse(.malformed(error))
        }
    }

    private mutating func socks4(_ bytes: Span<UInt8>, _ facts: inout Facts) -> Step {
        do throws(SOCKS4.ParseError) {
            guard case .complete(let request, let consumed) = try SOCKS4.Request.parse(bytes) else {
                return .incomplete
            }
            claimedUser = request.userID
            do throws(HostError) {
                try facts.take(request)
            } catch {
                return .refuse(.invalidHost(error))
            }
            isBind = request.command == .bind
            guard let host = facts.host else { return .refuse(.unsupportedCommand) }
            guard request.port.rawValue > 0 else { return .refuse(.invalidHost(.invalidPort)) }
            return .request(host, request.port, consumed: consumed)
        } catch {
            return .refuse(.malformed(error))
        }
    }

    private mutating func httpHead(
        _ bytes: Span<UInt8>, _ facts: inout Facts, _ scanner: inout HTTP1.HeadScanner,
        _ head: inout HTTP1.RequestHead
    ) -> Step {
        do throws(HTTP1.ParseError) {
            guard let length = try scanner.scan(bytes) else { return .incomplete }
            let headBytes = bytes.extracting(0..<length)
            try head.parse(headBytes)
            facts.take(head, from: headBytes)
            if asking != .nobody { offer = LoginOffer(head, headBytes) }
            guard head.method == .connect, let authority = head.authority else { return .forward }
            return .request(authority.host, authority.port, consumed: length)
        } catch {
            facts.takeRefused(bytes)
            return .refuse(.malformed(error))
        }
    }
}
