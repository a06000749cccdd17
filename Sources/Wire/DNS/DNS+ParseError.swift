extension DNS {
    /// Why a message from a name server is dropped. A client learns of it only once no other message comes: then it
    /// is told 502, or over SOCKS reply 4, as for every failure of a name server.
    public enum ParseError: WireError {
        /// A count, a length or a name leads beyond the message's end.
        case truncated
        /// Bytes behind the last record.
        case trailingBytes
        /// A query, or of another opcode.
        case notResponse
        case severalQuestions
        case unknownClass(UInt16)
        /// A name of more than 255 bytes.
        case nameTooLong
        /// A compression pointer that doesn't lead further to the front.
        case forwardPointer
        /// The upper two bits of a label's length are 01 or 10.
        case unknownLabelType(UInt8)
        /// Data that doesn't have the length of its type.
        case wrongDataLength
        /// Two OPT records, or one with a name.
        case malformedOptions

        public var answer: WireAnswer { .status(502) }

        public var token: String { "dns_error" }

        public var explanation: String {
            switch self {
            case .truncated: "the DNS message ends before what it announces"
            case .trailingBytes: "bytes follow the last record of the DNS message"
            case .notResponse: "the DNS message is no response to a query"
            case .severalQuestions: "the DNS message has more than one question"
            case .unknownClass(let number): "the DNS question is of class \(number)"
            case .nameTooLong: "a name in the DNS message is longer than 255 bytes"
            case .forwardPointer: "a compression pointer in the DNS message does not lead backwards"
            case .unknownLabelType(let byte): "a label in the DNS message is of the unknown type \(byte >> 6)"
            case .wrongDataLength: "a record in the DNS message has data of the wrong length"
            case .malformedOptions: "the OPT record of the DNS message is malformed"
            }
        }
    }
}
