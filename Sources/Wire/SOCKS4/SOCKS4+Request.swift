import Addressing

extension SOCKS4 {
    /// The one message a client sends.
    ///
    ///     +----+----+----+----+----+----+----+----+----+----+....+----+----+....+----+
    ///     | VN | CD | DSTPORT |      DSTIP        | USERID       |NULL| NAME    |NULL|
    ///     +----+----+----+----+----+----+----+----+----+----+....+----+----+....+----+
    ///
    /// The name is there when DSTIP is 0.0.0.x with x not zero (4A).
    public struct Request: Hashable, Sendable {
        public var command: Command
        public var destination: Destination
        public var port: Port
        /// What the client says of its user, without the NUL: a claim that nothing checks, 0–255 bytes of any kind.
        public var userID: [UInt8]

        public init(command: Command, destination: Destination, port: Port, userID: [UInt8] = []) {
            self.command = command
            self.destination = destination
            self.port = port
            self.userID = userID
        }

        /// Looks at 520 bytes at most, whatever the client sends.
        ///
        /// - Throws: `SOCKS4.ParseError`, whose `reply` the client is sent.
        public static func parse(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Request> {
            guard bytes.count >= 1 else { return .incomplete }
            guard bytes[0] == version else { throw .invalidVersion(bytes[0]) }
            guard bytes.count >= 2 else { return .incomplete }
            guard let command = Command(rawValue: bytes[1]) else { throw .unknownCommand(bytes[1]) }
            guard bytes.count >= 8 else { return .incomplete }
            guard let userEnd = nul(bytes, from: 8, limit: maxUserIDBytes) else {
                guard bytes.count <= 8 + maxUserIDBytes else { throw .userIDTooLong }
                return .incomplete
            }
            let address = UInt32(bigEndian(bytes, at: 4, count: 4))
            let port = Port(UInt16(bigEndian(bytes, at: 2, count: 2)))
            var request = Request(
                command: command, destination: .address(IPAddress(v4: address)), port: port,
                userID: copy(bytes, 8..<userEnd))
            guard address >= 1, address <= 255 else { return .complete(request, consumed: userEnd + 1) }
            let nameStart = userEnd + 1
            guard let nameEnd = nul(bytes, from: nameStart, limit: maxNameBytes) else {
                guard bytes.count <= nameStart + maxNameBytes else { throw .nameTooLong }
                return .incomplete
            }
            guard nameEnd > nameStart else { throw .emptyName }
            request.destination = .name(copy(bytes, nameStart..<nameEnd))
            return .complete(request, consumed: nameEnd + 1)
        }

        /// Where the NUL is that ends at most `limit` bytes.
        private static func nul(_ bytes: Span<UInt8>, from start: Int, limit: Int) -> Int? {
            for index in start..<max(start, min(bytes.count, start + limit + 1)) where bytes[index] == 0 {
                return index
            }
            return nil
        }
    }

    /// Appends the eight bytes of a reply: version 0, code, port, IPv4 address.
    ///
    /// - Parameter bound: our end of the connection; IPv6 has no place here and is written, as nil is, as zeros.
    public static func appendReply(_ reply: Reply, bound: Endpoint?, to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.append(reply.rawValue)
        let bits = bound?.address.v4Bits
        appendBigEndian(bits == nil ? 0 : bound?.port.rawValue ?? 0, to: &bytes)
        appendBigEndian(bits ?? 0, to: &bytes)
    }
}
