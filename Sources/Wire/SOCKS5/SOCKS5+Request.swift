import Addressing

extension SOCKS5 {
    /// What the client asks for once a method is agreed on.
    ///
    ///     +----+-----+-------+------+----------+----------+
    ///     |VER | CMD |  RSV  | ATYP | DST.ADDR | DST.PORT |
    ///     +----+-----+-------+------+----------+----------+
    ///     | 1  |  1  | X'00' |  1   | Variable |    2     |
    ///     +----+-----+-------+------+----------+----------+
    ///
    /// Spec: RFC 1928 §4 and §5.
    public struct Request: Hashable, Sendable {
        public var command: Command
        public var destination: Destination
        /// As sent; zero is no destination for `connect`, and usual in `udpAssociate`.
        public var port: Port

        public init(command: Command, destination: Destination, port: Port) {
            self.command = command
            self.destination = destination
            self.port = port
        }

        /// Refuses at the first byte that is wrong, whether or not the rest has come.
        ///
        /// - Throws: `SOCKS5.ParseError`, whose `reply` the client is sent.
        public static func parse(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Request> {
            guard bytes.count >= 1 else { return .incomplete }
            guard bytes[0] == version else { throw .invalidVersion(bytes[0]) }
            guard bytes.count >= 2 else { return .incomplete }
            guard let command = Command(rawValue: bytes[1]) else { throw .unknownCommand(bytes[1]) }
            guard bytes.count >= 3 else { return .incomplete }
            guard bytes[2] == 0 else { throw .reservedNotZero }
            guard case .complete(let (destination, port), let end) = try parseDestination(bytes, at: 3) else {
                return .incomplete
            }
            return .complete(Request(command: command, destination: destination, port: port), consumed: end)
        }
    }

    /// ATYP, address and port from `start` on; `consumed` counts from the front of `bytes`. Spec: RFC 1928 §5.
    static func parseDestination(
        _ bytes: Span<UInt8>, at start: Int
    ) throws(ParseError) -> Parsed<(Destination, Port)> {
        guard bytes.count > start else { return .incomplete }
        guard let type = AddressType(rawValue: bytes[start]) else { throw .unknownAddressType(bytes[start]) }
        var from = start + 1
        let length: Int
        switch type {
        case .v4: length = 4
        case .v6: length = 16
        case .name:
            guard bytes.count > from else { return .incomplete }
            length = Int(bytes[from])
            guard length > 0 else { throw .emptyName }
            from += 1
        }
        let end = from + length + 2
        guard bytes.count >= end else { return .incomplete }
        let destination: Destination =
            switch type {
            case .v4: .address(IPAddress(v4: UInt32(bigEndian(bytes, at: from, count: 4))))
            case .v6: .address(IPAddress(high: bigEndian(bytes, at: from), low: bigEndian(bytes, at: from + 8)))
            case .name: .name(copy(bytes, from..<from + length))
            }
        return .complete((destination, Port(UInt16(bigEndian(bytes, at: end - 2, count: 2)))), consumed: end)
    }
}
