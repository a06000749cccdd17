/// Messages to and from a recursive name server. Spec: RFC 1035 §4, RFC 6891 (EDNS0), RFC 2308 (negative answers).
public enum DNS {
    /// The largest answer that is asked for over UDP. With its headers it fits the 1280 bytes that every IPv6 link carries
    /// unfragmented (RFC 8200 §5).
    public static let udpPayloadBytes: UInt16 = 1232

    /// The types of record that are read; others are skipped.
    public enum RecordType: UInt16, Sendable, CaseIterable {
        case a = 1
        case cname = 5
        case soa = 6
        case aaaa = 28
        case opt = 41
    }

    /// Spec: RFC 1035 §4.1.1, with the upper bits of EDNS0; the numbers are IANA's.
    public struct ResponseCode: RawRepresentable, Hashable, Sendable {
        /// Twelve bits.
        public let rawValue: UInt16

        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        public static let noError = ResponseCode(rawValue: 0)
        public static let formatError = ResponseCode(rawValue: 1)
        public static let serverFailure = ResponseCode(rawValue: 2)
        public static let nameError = ResponseCode(rawValue: 3)
        public static let notImplemented = ResponseCode(rawValue: 4)
        public static let refused = ResponseCode(rawValue: 5)
        public static let badVersion = ResponseCode(rawValue: 16)
    }

    /// The one class there is.
    static let internet: UInt16 = 1

    /// Where the next message stands in a stream: two bytes of length, then the message. Spec: RFC 1035 §4.2.2.
    public static func message(inStream bytes: Span<UInt8>) -> Parsed<Range<Int>> {
        guard bytes.count >= 2 else { return .incomplete }
        let end = 2 + Int(bigEndian(bytes, at: 0, count: 2))
        return bytes.count >= end ? .complete(2..<end, consumed: end) : .incomplete
    }
}
