extension SOCKS5 {
    /// Why a client's SOCKS5 message is refused.
    public enum ParseError: WireError {
        /// The version byte is not 5.
        case invalidVersion(UInt8)
        /// A greeting that offers nothing: NMETHODS is 1 to 255.
        case noMethods
        /// CMD is none of CONNECT, BIND and UDP ASSOCIATE.
        case unknownCommand(UInt8)
        /// RSV is not zero.
        case reservedNotZero
        /// ATYP is none of 1, 3 and 4.
        case unknownAddressType(UInt8)
        /// A domain name of no bytes.
        case emptyName
        /// The version byte of the credentials is not 1.
        case invalidCredentialsVersion(UInt8)
        /// UNAME is 1 to 255 bytes.
        case emptyUserName
        /// PASSWD is 1 to 255 bytes.
        case emptyPassword
        /// A datagram that ends within its header.
        case truncatedDatagram
        /// FRAG is not X'00'.
        case fragmentedDatagram(UInt8)

        /// What the client is sent; nil when its connection just closes, as for all that is malformed.
        public var reply: Reply? {
            switch self {
            case .unknownCommand: .commandNotSupported
            case .unknownAddressType: .addressTypeNotSupported
            case .invalidVersion, .noMethods, .reservedNotZero, .emptyName, .invalidCredentialsVersion, .emptyUserName,
                .emptyPassword, .truncatedDatagram, .fragmentedDatagram:
                nil
            }
        }

        public var answer: WireAnswer {
            reply.map { .reply($0.rawValue) } ?? .close
        }

        public var explanation: String {
            switch self {
            case .invalidVersion(let byte): "the SOCKS version is \(byte), not 5"
            case .noMethods: "the greeting offers no authentication method"
            case .unknownCommand(let byte): "the SOCKS5 command \(byte) is unknown"
            case .reservedNotZero: "the reserved field of the SOCKS5 message is not zero"
            case .unknownAddressType(let byte): "the SOCKS5 address type \(byte) is unknown"
            case .emptyName: "the SOCKS5 domain name is empty"
            case .invalidCredentialsVersion(let byte): "the version of the credentials is \(byte), not 1"
            case .emptyUserName: "the user name is empty"
            case .emptyPassword: "the password is empty"
            case .truncatedDatagram: "the datagram ends within its SOCKS5 header"
            case .fragmentedDatagram(let byte): "the datagram is fragment \(byte), and fragments are not put together"
            }
        }
    }
}
