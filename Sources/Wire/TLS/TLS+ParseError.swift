extension TLS {
    /// Why no ClientHello is read from a client's stream. Whether the tunnel goes on is the policy's to say; none of
    /// these has an answer in the client's protocol.
    public enum ParseError: WireError {
        /// The stream, or the next record, is no handshake: its first byte.
        case notHandshake(UInt8)
        /// The major version of a record is not 3.
        case invalidRecordVersion(UInt8)
        /// A record of no bytes, or of more than 2^14.
        case invalidRecordLength(Int)
        /// A handshake that begins with another message.
        case notClientHello(UInt8)
        /// More than `maxClientHelloBytes`.
        case tooLarge
        /// Bytes in the record behind the ClientHello.
        case trailingBytes
        /// Lengths that don't fit into each other, or beyond their bounds.
        case malformed
        case duplicateExtension(UInt16)
        /// A server name of a type other than `host_name`.
        case unknownNameType(UInt8)
        case severalServerNames
        case emptyServerName

        public var answer: WireAnswer { .close }

        public var token: String { "tls_protocol_error" }

        public var explanation: String {
            switch self {
            case .notHandshake(let byte): "the TLS record type is \(byte), not handshake"
            case .invalidRecordVersion(let byte): "the major version of the TLS record is \(byte), not 3"
            case .invalidRecordLength(let length): "the TLS record has \(length) bytes, not 1 to 16384"
            case .notClientHello(let byte): "the TLS handshake begins with message \(byte), not with a ClientHello"
            case .tooLarge: "the ClientHello is not complete after \(maxClientHelloBytes) bytes"
            case .trailingBytes: "bytes follow the ClientHello in its record"
            case .malformed: "the lengths within the ClientHello do not fit into each other"
            case .duplicateExtension(let type): "the TLS extension \(type) is there twice"
            case .unknownNameType(let byte): "the TLS server name is of the unknown type \(byte)"
            case .severalServerNames: "there is more than one TLS server name"
            case .emptyServerName: "the TLS server name is empty"
            }
        }
    }
}
