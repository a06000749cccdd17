extension SOCKS4 {
    /// Why a client's SOCKS4 request is refused.
    public enum ParseError: WireError {
        /// The version byte is not 4.
        case invalidVersion(UInt8)
        /// CD is neither CONNECT nor BIND.
        case unknownCommand(UInt8)
        /// No NUL within `maxUserIDBytes`.
        case userIDTooLong
        /// No NUL within `maxNameBytes`.
        case nameTooLong
        /// A 4A name of no bytes.
        case emptyName

        /// What the client is sent; nil when its connection just closes, as for all that is malformed.
        public var reply: Reply? {
            switch self {
            case .unknownCommand: .rejected
            case .invalidVersion, .userIDTooLong, .nameTooLong, .emptyName: nil
            }
        }

        public var answer: WireAnswer {
            reply.map { .reply($0.rawValue) } ?? .close
        }

        public var explanation: String {
            switch self {
            case .invalidVersion(let byte): "the SOCKS version is \(byte), not 4"
            case .unknownCommand(let byte): "the SOCKS4 command \(byte) is unknown"
            case .userIDTooLong: "the SOCKS4 user id is longer than \(maxUserIDBytes) bytes"
            case .nameTooLong: "the SOCKS4A name is longer than \(maxNameBytes) bytes"
            case .emptyName: "the SOCKS4A name is empty"
            }
        }
    }
}
