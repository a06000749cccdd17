extension HTTP1 {
    /// The name of a trailer field as it arrives, kept as far as is needed to know a forbidden one.
    struct TrailerName: Sendable {
        /// As long as the longest known name; a longer one is none of them.
        private var bytes = InlineArray<32, UInt8>(repeating: 0)
        private var count = 0

        mutating func append(_ byte: UInt8) throws(ParseError) {
            guard ByteClass.isToken(byte) else {
                switch byte {
                case UInt8(ascii: ":"): throw .emptyFieldName
                case ByteClass.space, ByteClass.tab: throw .spaceBeforeColon
                case ByteClass.cr: throw .missingColon
                case ByteClass.lf: throw .bareLF
                case 0..<0x20, 0x7f: throw .controlCharacter(byte)
                default: throw .invalidFieldName(byte)
                }
            }
            if count < bytes.count { bytes[count] = byte }
            count += 1
        }

        /// Whether the field governs framing, routing, the connection or who may pass: too late to say so after the
        /// body. Spec: RFC 9110 §6.5.1.
        var isForbidden: Bool {
            guard count <= bytes.count else { return false }
            switch KnownField(bytes.span, 0..<count) {
            case .host, .contentLength, .transferEncoding, .connection, .proxyConnection, .keepAlive, .te, .trailer,
                .upgrade, .proxyAuthorization, .proxyAuthenticate, .authorization,
                .expect, .maxForwards, .http2Settings:
                return true
            case .other, .accept, .wwwAuthenticate, .proxyAuthenticationInfo, .via, .forwarded, .xForwardedFor,
                .userAgent, .referer, .date,
                .proxyStatus:
                return false
            }
        }
    }
}
