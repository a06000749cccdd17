import AccessLog
import Addressing
import EventLoop
import Glibc
import Policy
import Wire

/// Why a request goes no further: what the client is told, and what the record says.
struct Refusal: Error {
    let outcome: Outcome
    /// Told to HTTP clients.
    private(set) var status: UInt16
    /// Told to SOCKS5 clients; nil when their connection just closes. A SOCKS4 client, for whom all refusals are one
    /// code, gets it wherever there is a reply.
    let reply: SOCKS5.Reply?
    /// A sentence for people: the body of an HTTP answer, and the record's reason where no rule gives one.
    let explanation: String
    let endedBy: EndedBy
    var errno: CInt?
    /// The limit of ours that was reached, where it was one.
    var limit: ReachedLimit?
    /// What was the matter with the client's credentials; nil where it wasn't they.
    let login: Identity.Result?

    private init(
        _ outcome: Outcome, status: UInt16, reply: SOCKS5.Reply?, by endedBy: EndedBy = .proxy, errno: CInt? = nil,
        login: Identity.Result? = nil, _ explanation: String
    ) {
        self.login = login
        self.outcome = outcome
        self.status = status
        self.reply = reply
        self.endedBy = endedBy
        self.errno = errno
        self.explanation = explanation
    }

    // MARK: - Before there is a request

    static func malformed(_ error: some WireError) -> Refusal {
        var status: UInt16 = 400
        var reply: SOCKS5.Reply?
        switch error.answer {
        case .close: break
        case .status(let code): status = UInt16(code)
        case .reply(let code): reply = SOCKS5.Reply(rawValue: code) ?? .generalFailure
        }
        return Refusal(
            .httpRequestError, status: status, reply: reply, "The request is malformed: \(error.explanation).")
    }

    static func invalidHost(_ error: HostError) -> Refusal {
        Refusal(
            .httpRequestError, status: 400, reply: .generalFailure, "The request is malformed: \(error).")
    }

    /// The first byte begins no protocol that is spoken here.
    static let unknownProtocol = Refusal(
        .httpRequestError, status: 400, reply: nil, "This is neither HTTP nor SOCKS.")

    static func malformed(_ explanation: String) -> Refusal {
        Refusal(.httpRequestError, status: 400, reply: .generalFailure, "The request is malformed: \(explanation).")
    }

    /// An absolute-form request that isn't for `http://`.
    static let otherScheme = Refusal(
        .httpRequestError, status: 400, reply: nil,
        "Only http:// requests are forwarded; for https:// ask for a tunnel with CONNECT, or use SOCKS.")

    static let unsupportedCommand = Refusal(
        .httpRequestError, status: 501, reply: .commandNotSupported,
        "Of the SOCKS commands only CONNECT is served, by version 5.")

    static let noAcceptableMethod = Refusal(
        .httpRequestError, status: 400, reply: .generalFailure,
        "The client offers no authentication method that this proxy takes.")

    /// The deadline for the request passed.
    static let requestTimedOut = Refusal(
        .httpRequestError, status: 408, reply: nil, "The request did not arrive in time.")

    // MARK: - Credentials

    /// Nothing of the request is judged, looked up or dialled.
    static func login(_ result: Identity.Result) -> Refusal {
        switch result {
        case .ok: preconditionFailure("nobody is refused for right credentials")
        case .missing: denied(407, result, "This proxy asks for a user name and a password.")
        case .malformed: denied(407, result, "The credentials can't be read; this proxy takes Basic (RFC 7617).")
        case .wrong: denied(407, result, "The user name or the password is wrong.")
        case .lockedOut:
            denied(429, result, "Too many wrong passwords came from this address. Try again in a minute.")
        case .busy:
            Refusal(
                .connectionLimitReached, status: 503, reply: .generalFailure, login: result,
                "The proxy is busy verifying passwords. Try again later."
            ).at(.passwords)
        }
    }

    private static func denied(_ status: UInt16, _ result: Identity.Result, _ explanation: String) -> Refusal {
        Refusal(.httpRequestDenied, status: status, reply: .connectionNotAllowed, login: result, explanation)
    }

    /// The same for who asks the proxy as a website: credentials are then asked for as a website does.
    ///
    /// Spec: RFC 9110 §15.5.2.
    var ofWebsite: Refusal {
        var refusal = self
        if status == 407 { refusal.status = 401 }
        return refusal
    }

    // MARK: - The proxy itself

    /// Something else than the proxy's pages is asked for under the name that they have.
    static let ownName = Refusal(
        .connectionRefused, status: 502, reply: .connectionRefused,
        "\(OwnName.text) is this proxy itself. Its pages are at http://\(OwnName.text)/, and nothing else is there.")

    /// The proxy is called by a name that isn't its own: another site may have given its name the proxy's address.
    static let misdirected = Refusal(
        .httpRequestError, status: 421, reply: nil,
        "This is a proxy, and the name by which you ask for it isn't one of its own. Ask for its address, or for"
            + " http://\(OwnName.text)/ through it; --name gives it further names.")

    // MARK: - Judged

    static func denied(_ verdict: Policy.Verdict) -> Refusal {
        Refusal(
            .httpRequestDenied, status: 403, reply: .connectionNotAllowed, by: .policy,
            "The policy of this proxy denies this destination\(because(verdict)).")
    }

    /// An address that the policy denies as such is told apart from a name or a port that it denies.
    static func denied(_ verdict: Policy.Verdict, of host: Host?) -> Refusal {
        if case .address = host, verdict.ground.concernsAddress { .addressDenied(verdict) } else { .denied(verdict) }
    }

    static func addressDenied(_ verdict: Policy.Verdict?) -> Refusal {
        Refusal(
            .destinationIPProhibited, status: 403, reply: .connectionNotAllowed, by: .policy,
            "The policy of this proxy denies the address of this destination\(because(verdict)).")
    }

    /// The destination is this proxy.
    static let loop = Refusal(
        .proxyLoopDetected, status: 502, reply: .connectionNotAllowed, "The request leads back to this proxy.")

    private static func because(_ verdict: Policy.Verdict?) -> String {
        verdict?.reason.map { ": \($0)" } ?? ""
    }

    // MARK: - On the way to the origin

    static func unresolved(_ answer: Resolution.Answer) -> Refusal {
        switch answer {
        case .addresses: preconditionFailure("a resolution with addresses refuses nothing")
        case .notFound:
            Refusal(.dnsError, status: 502, reply: .hostUnreachable, "The name of the destination does not exist.")
        case .failed:
            Refusal(.dnsError, status: 502, reply: .hostUnreachable, "The name of the destination can't be looked up.")
        case .timedOut:
            Refusal(.dnsTimeout, status: 504, reply: .hostUnreachable, "The name servers did not answer in time.")
        }
    }

    static func unconnected(_ error: Errno) -> Refusal {
        let code = error.rawValue
        switch code {
        case ECONNREFUSED, ECONNRESET, ECONNABORTED:
            return Refusal(
                .connectionRefused, status: 502, reply: .connectionRefused, by: .origin, errno: code,
                "The destination refuses the connection.")
        case ETIMEDOUT:
            return Refusal(
                .connectionTimeout, status: 504, reply: .ttlExpired, errno: code,
                "The destination did not answer in time.")
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EACCES, EPERM, EAFNOSUPPORT, EINVAL:
            return Refusal(
                .destinationIPUnroutable, status: 502, reply: .networkUnreachable, errno: code,
                "There is no route to the destination (\(error)).")
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL:
            return outOfResources(error)
        default:
            return internalError(error)
        }
    }

    // MARK: - At the origin

    /// The origin has closed before it said anything.
    static func noResponse(_ error: Errno?) -> Refusal {
        Refusal(
            .connectionTerminated, status: 502, reply: .generalFailure, by: .origin, errno: error?.rawValue,
            "The destination closed the connection without an answer.")
    }

    /// The origin has closed in the middle of the head.
    static func cutResponse(_ error: Errno?) -> Refusal {
        Refusal(
            .httpResponseIncomplete, status: 502, reply: .generalFailure, by: .origin, errno: error?.rawValue,
            "The destination closed the connection in the middle of its answer.")
    }

    static func badResponse(_ error: HTTP1.ResponseError) -> Refusal {
        Refusal(
            Outcome(rawValue: error.token) ?? .httpProtocolError, status: 502, reply: .generalFailure, by: .origin,
            "The destination's answer is no proper HTTP: \(error.explanation).")
    }

    /// 101 to a request that asked for no other protocol.
    static let unaskedUpgrade = Refusal(
        .httpProtocolError, status: 502, reply: .generalFailure, by: .origin,
        "The destination switched protocols without being asked to.")

    static let responseTimedOut = Refusal(
        .httpResponseTimeout, status: 504, reply: .generalFailure, "The destination did not answer in time.")

    // MARK: - Ours

    static func outOfResources(_ error: Errno) -> Refusal {
        Refusal(
            .connectionLimitReached, status: 503, reply: .generalFailure, errno: error.rawValue,
            "The proxy has reached a limit (\(error)). Try again later."
        ).at(error.isDescriptorExhaustion ? .descriptors : error.rawValue == EADDRNOTAVAIL ? .ports : .memory)
    }

    static func limited(_ limit: ReachedLimit, _ why: String) -> Refusal {
        Refusal(.connectionLimitReached, status: 503, reply: .generalFailure, "\(why). Try again later.").at(limit)
    }

    private func at(_ limit: ReachedLimit) -> Refusal {
        var refusal = self
        refusal.limit = limit
        return refusal
    }

    static let tooManyRequests = Refusal(
        .connectionLimitReached, status: 429, reply: .generalFailure,
        "Too many requests come from your address. Try again in a second."
    ).at(.rate)

    /// Whoever connects here must be one of the load balancers that the listener names.
    static let notBalancer = Refusal(
        .httpRequestDenied, status: 403, reply: nil,
        "This listener takes connections from the load balancers alone that it names.")

    static func internalError(_ error: Errno) -> Refusal {
        Refusal(
            .proxyInternalError, status: 500, reply: .generalFailure, errno: error.rawValue,
            "The proxy failed (\(error)).")
    }

    /// Somebody who may wants it to end.
    static let ended = Refusal(
        .connectionTerminated, status: 503, reply: .generalFailure, by: .operator,
        "The operator of the proxy ended the request.")

    /// The proxy is being stopped.
    static let stopping = Refusal(
        .connectionTerminated, status: 503, reply: .generalFailure, by: .operator, "The proxy is being stopped.")
}
