extension ProxyProtocol {
    /// Why a connection that must begin with a PROXY header is closed.
    public enum ParseError: WireError {
        /// It begins with something else.
        case notProxyProtocol
        case invalidVersion(UInt8)
        case unknownCommand(UInt8)
        /// A family or transport that is not assigned.
        case unknownFamily(UInt8)
        /// No end within `maxTextBytes`, or a length beyond `maxBinaryBytes`.
        case tooLong
        /// Words, addresses or lengths that don't fit the format.
        case malformed
        /// The CRC-32C is not that of the header.
        case wrongChecksum

        public var answer: WireAnswer { .close }

        public var explanation: String {
            switch self {
            case .notProxyProtocol: "the connection does not begin with a PROXY header"
            case .invalidVersion(let version): "the version of the PROXY header is \(version), not 2"
            case .unknownCommand(let command): "the command \(command) of the PROXY header is unknown"
            case .unknownFamily(let byte):
                "the PROXY header's family and transport 0x\(String(byte, radix: 16)) is unknown"
            case .tooLong: "the PROXY header is too long"
            case .malformed: "the PROXY header is malformed"
            case .wrongChecksum: "the checksum of the PROXY header is wrong"
            }
        }
    }
}
