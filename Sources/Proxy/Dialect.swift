import Addressing
import Policy
import Wire

/// How a client is to be spoken to at the present point of its negotiation.
enum Dialect {
    /// It has said nothing that could be answered.
    case none
    case http
    /// SOCKS5 before a method is agreed on.
    case socks5Greeting
    /// SOCKS5 when user name and password are awaited.
    case socks5Credentials
    case socks5
    case socks4

    /// Appends what tells the client of a refusal; nothing where its connection just closes.
    ///
    /// - Parameter destination: where the request wanted to go; empty when that is unknown.
    func append(
        _ refusal: Refusal, verdict: Policy.Verdict?, requestID: String, destination: String = "",
        isForTunnel: Bool = false, to bytes: inout [UInt8]
    ) {
        switch self {
        case .none: break
        case .http:
            ErrorAnswer(
                refusal: refusal, verdict: verdict, requestID: requestID, destination: destination,
                isForTunnel: isForTunnel
            ).append(to: &bytes)
        case .socks5Greeting:
            if refusal.reply != nil { SOCKS5.appendMethodSelection(.noneAcceptable, to: &bytes) }
        case .socks5Credentials:
            if refusal.reply != nil { SOCKS5.appendCredentialsStatus(succeeded: false, to: &bytes) }
        case .socks5:
            if let reply = refusal.reply { SOCKS5.appendReply(reply, bound: nil, to: &bytes) }
        case .socks4:
            if refusal.reply != nil { SOCKS4.appendReply(.rejected, bound: nil, to: &bytes) }
        }
    }

    /// Appends what tells the client that its tunnel is open.
    func appendSuccess(bound: Endpoint?, to bytes: inout [UInt8]) {
        switch self {
        case .http: bytes.append(contentsOf: "HTTP/1.1 200 Connection established\r\n\r\n".utf8)
        case .socks5: SOCKS5.appendReply(.succeeded, bound: bound, to: &bytes)
        case .socks4: SOCKS4.appendReply(.granted, bound: bound, to: &bytes)
        case .none, .socks5Greeting, .socks5Credentials:
            preconditionFailure("a tunnel opened for a client that asked for none")
        }
    }

    /// What the record says the client was told: HTTP status or SOCKS reply.
    func told(_ refusal: Refusal) -> Told {
        switch self {
        case .none: Told()
        case .http: Told(status: refusal.status)
        case .socks5Greeting: Told(reply: refusal.reply.map { _ in SOCKS5.Method.noneAcceptable.rawValue })
        case .socks5Credentials: Told(reply: refusal.reply.map { _ in 1 })
        case .socks5: Told(reply: refusal.reply?.rawValue)
        case .socks4: Told(reply: refusal.reply.map { _ in SOCKS4.Reply.rejected.rawValue })
        }
    }

    /// What the record says of a tunnel that opened.
    var toldOfSuccess: Told {
        switch self {
        case .http: Told(status: 200)
        case .socks4: Told(reply: SOCKS4.Reply.granted.rawValue)
        case .none, .socks5Greeting, .socks5Credentials, .socks5: Told(reply: SOCKS5.Reply.succeeded.rawValue)
        }
    }
}
