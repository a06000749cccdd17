extension HTTP1 {
    /// One field line; the ranges point into the head that it was read from.
    public struct Field: Hashable, Sendable {
        public var name: Range<Int>
        /// Without the blanks around it; may be empty.
        public var value: Range<Int>
        public var known: KnownField
    }

    /// The fields that a proxy acts on; names are compared without regard to case.
    public enum KnownField: UInt8, Sendable, CaseIterable {
        case other
        case host, contentLength, transferEncoding, connection, proxyConnection, keepAlive, te, trailer, upgrade
        case proxyAuthorization, proxyAuthenticate, proxyAuthenticationInfo
        case accept, authorization, wwwAuthenticate, via, forwarded, xForwardedFor, maxForwards, expect, userAgent,
            referer, date, proxyStatus, http2Settings

        /// Lower case; empty for `other`.
        public var name: StaticString {
            switch self {
            case .other: ""
            case .host: "host"
            case .contentLength: "content-length"
            case .transferEncoding: "transfer-encoding"
            case .connection: "connection"
            case .proxyConnection: "proxy-connection"
            case .keepAlive: "keep-alive"
            case .te: "te"
            case .trailer: "trailer"
            case .upgrade: "upgrade"
            case .proxyAuthorization: "proxy-authorization"
            case .proxyAuthenticate: "proxy-authenticate"
            case .proxyAuthenticationInfo: "proxy-authentication-info"
            case .accept: "accept"
            case .authorization: "authorization"
            case .wwwAuthenticate: "www-authenticate"
            case .via: "via"
            case .forwarded: "forwarded"
            case .xForwardedFor: "x-forwarded-for"
            case .maxForwards: "max-forwards"
            case .expect: "expect"
            case .userAgent: "user-agent"
            case .referer: "referer"
            case .date: "date"
            case .proxyStatus: "proxy-status"
            case .http2Settings: "http2-settings"
            }
        }

        init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
            let candidate = Self.candidate(length: range.count, first: ByteClass.folded(bytes[range.lowerBound]))
            self = candidate != .other && ByteClass.equal(bytes, range, candidate.name) ? candidate : .other
        }

        /// The one field that a name of this length and first byte (lower case) can be.
        private static func candidate(length: Int, first: UInt8) -> KnownField {
            switch (length, first) {
            case (2, UInt8(ascii: "t")): .te
            case (3, UInt8(ascii: "v")): .via
            case (4, UInt8(ascii: "h")): .host
            case (4, UInt8(ascii: "d")): .date
            case (6, UInt8(ascii: "a")): .accept
            case (6, UInt8(ascii: "e")): .expect
            case (7, UInt8(ascii: "t")): .trailer
            case (7, UInt8(ascii: "u")): .upgrade
            case (7, UInt8(ascii: "r")): .referer
            case (9, UInt8(ascii: "f")): .forwarded
            case (10, UInt8(ascii: "c")): .connection
            case (10, UInt8(ascii: "k")): .keepAlive
            case (10, UInt8(ascii: "u")): .userAgent
            case (12, UInt8(ascii: "m")): .maxForwards
            case (12, UInt8(ascii: "p")): .proxyStatus
            case (13, UInt8(ascii: "a")): .authorization
            case (14, UInt8(ascii: "c")): .contentLength
            case (14, UInt8(ascii: "h")): .http2Settings
            case (15, UInt8(ascii: "x")): .xForwardedFor
            case (16, UInt8(ascii: "p")): .proxyConnection
            case (16, UInt8(ascii: "w")): .wwwAuthenticate
            case (17, UInt8(ascii: "t")): .transferEncoding
            case (18, UInt8(ascii: "p")): .proxyAuthenticate
            case (19, UInt8(ascii: "p")): .proxyAuthorization
            case (25, UInt8(ascii: "p")): .proxyAuthenticationInfo
            default: .other
            }
        }
    }
}
