import Addressing

/// What a load balancer says in front of a connection: who really connected. Versions 1 (text) and 2 (binary).
///
/// Only an operator's own balancers may be believed; who they are is not this parser's business.
///
/// Spec: "The PROXY protocol, versions 1 & 2" (Willy Tarreau, haproxy.org).
public enum ProxyProtocol {
    /// The longest header of version 1, its CRLF included. Spec: §2.1.
    public static let maxTextBytes = 107
    /// The longest header of version 2 that is taken, its 16 fixed bytes included.
    public static let maxBinaryBytes = 4096

    public struct Header: Hashable, Sendable {
        /// 1 or 2.
        public var version: UInt8
        /// Whether the balancer speaks for itself, as in a health check: then the connection's own ends count.
        public var isLocal: Bool
        /// Who connected, and where to, as the balancer saw it; nil when it doesn't say (`LOCAL`, `UNKNOWN`, a family
        /// other than IP). Then, too, the connection's own ends count.
        public var endpoints: Endpoints?
        /// Of version 2, in order; the ranges point into the bytes that were parsed.
        public var values: [Value] = []
    }

    public struct Endpoints: Hashable, Sendable {
        public var transport: Transport
        public var source: Endpoint
        public var destination: Endpoint
    }

    public enum Transport: UInt8, Sendable {
        case stream = 1
        case datagram = 2
    }

    /// A type-length-value element of version 2. Spec: §2.2.
    public struct Value: Hashable, Sendable {
        public var type: UInt8
        public var range: Range<Int>

        public static let applicationProtocol: UInt8 = 0x01
        /// The name that the client asked for, as in TLS.
        public static let authority: UInt8 = 0x02
        /// CRC-32C of the whole header; checked before the header is given out.
        public static let checksum: UInt8 = 0x03
        public static let noOperation: UInt8 = 0x04
        public static let uniqueID: UInt8 = 0x05
        public static let tls: UInt8 = 0x20
        public static let networkNamespace: UInt8 = 0x30
    }

    /// Reads a header of either version from the front of a connection.
    ///
    /// - Throws: `ProxyProtocol.ParseError`, at the first byte that no header has there; the connection is closed, as
    ///   §2 asks: whoever must send a header and doesn't is not to be served.
    public static func parse(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Header> {
        guard bytes.count > 0 else { return .incomplete }
        return bytes[0] == signature[0] ? try parseBinary(bytes) : try parseText(bytes)
    }
}
