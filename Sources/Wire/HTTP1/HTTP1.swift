/// HTTP/1.1 and HTTP/1.0 messages as a proxy reads them: strictly. Nothing is repaired; whatever two readers could
/// understand differently is refused.
///
/// Spec: RFC 9112 (the wire), RFC 9110 (what it means).
public enum HTTP1 {
    /// Hard caps on a head. What exceeds one is refused at the byte that does, not at the end of the head.
    public enum Limit {
        /// A whole head, from its first byte to its last CRLF.
        public static let headBytes = 64 * 1024
        /// A request line or status line without its CRLF. RFC 9112 §3 asks for at least 8000.
        public static let startLineBytes = 16 * 1024
        /// A method name.
        public static let methodBytes = 32
        /// A field line without its CRLF.
        public static let fieldLineBytes = 32 * 1024
        /// Field lines of a head.
        public static let fields = 100
        /// Extensions of one chunk.
        public static let chunkExtensionBytes = 256
        /// Extensions of all chunks of one body together.
        public static let bodyExtensionBytes = 16 * 1024
        /// A whole trailer section.
        public static let trailerBytes = 8 * 1024
    }

    public enum Version: UInt8, Sendable {
        case http10 = 10
        case http11 = 11
    }

    /// The methods that mean something to a proxy. Names are case-sensitive. Spec: RFC 9110 §9.
    public enum Method: UInt8, Sendable {
        case get, head, post, put, delete, connect, options, trace, patch
        /// Any other token.
        case other
    }

    /// Where a message's body ends. Spec: RFC 9112 §6.3.
    public enum BodyFraming: Hashable, Sendable {
        case none
        /// This many bytes follow the head; never more than `Int64.max`.
        case length(UInt64)
        /// The chunked coding tells; see `ChunkedDecoder`.
        case chunked
        /// With the connection. Only a response's body ends so.
        case untilClose
    }
}
