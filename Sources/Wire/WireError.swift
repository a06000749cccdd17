/// Why bytes from a peer are refused. Every error of the wire answers three questions: what the client is sent, which
/// token the log gets, and what an operator reads.
public protocol WireError: Error, Hashable, Sendable {
    /// What the client is sent before its connection closes.
    var answer: WireAnswer { get }
    /// The RFC 9209 token for the log, `http_request_error` unless the fault is the origin's.
    var token: String { get }
    /// One line for an operator, lower case, without a full stop; it holds no bytes of the peer's as they came.
    var explanation: String { get }
}

extension WireError {
    public var token: String { "http_request_error" }
}

/// What is sent in answer to a `WireError`.
public enum WireAnswer: Hashable, Sendable {
    /// Nothing; the connection closes.
    case close
    /// An HTTP response with this status code.
    case status(Int)
    /// A SOCKS reply with this code.
    case reply(UInt8)
}
