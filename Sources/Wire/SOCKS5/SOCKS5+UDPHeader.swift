import Addressing

extension SOCKS5 {
    /// What stands in front of the data in every datagram between client and relay.
    ///
    ///     +----+------+------+----------+----------+----------+
    ///     |RSV | FRAG | ATYP | DST.ADDR | DST.PORT |   DATA   |
    ///     +----+------+------+----------+----------+----------+
    ///     | 2  |  1   |  1   | Variable |    2     | Variable |
    ///     +----+------+------+----------+----------+----------+
    ///
    /// Spec: RFC 1928 §7.
    public struct UDPHeader: Hashable, Sendable {
        public var destination: Destination
        public var port: Port
        /// Where the data begins, which may be where the datagram ends.
        public var length: Int

        /// - Parameter datagram: a whole one, for there is nothing to wait for.
        /// - Throws: `SOCKS5.ParseError`; the datagram is dropped. Fragments are among those: their support is optional,
        ///   and without it they must be dropped.
        public static func parse(_ datagram: Span<UInt8>) throws(ParseError) -> UDPHeader {
            guard datagram.count >= 4 else { throw .truncatedDatagram }
            guard datagram[0] == 0, datagram[1] == 0 else { throw .reservedNotZero }
            guard datagram[2] == 0 else { throw .fragmentedDatagram(datagram[2]) }
            guard case .complete(let (destination, port), let end) = try parseDestination(datagram, at: 3) else {
                throw .truncatedDatagram
            }
            return UDPHeader(destination: destination, port: port, length: end)
        }
    }

    /// Appends the header of a datagram that came from `source`.
    public static func appendUDPHeader(from source: Endpoint, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: [0, 0, 0])
        append(source, to: &bytes)
    }
}
