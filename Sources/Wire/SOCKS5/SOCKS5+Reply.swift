import Addressing

extension SOCKS5 {
    /// Appends the reply to a request.
    ///
    ///     +----+-----+-------+------+----------+----------+
    ///     |VER | REP |  RSV  | ATYP | BND.ADDR | BND.PORT |
    ///     +----+-----+-------+------+----------+----------+
    ///
    /// - Parameter bound: our end of the connection to the destination; nil is written as 0.0.0.0:0.
    ///
    /// Spec: RFC 1928 §6.
    public static func appendReply(_ reply: Reply, bound: Endpoint?, to bytes: inout [UInt8]) {
        bytes.append(version)
        bytes.append(reply.rawValue)
        bytes.append(0)
        append(bound ?? Endpoint(.anyV4, Port(0)), to: &bytes)
    }

    /// Appends ATYP, address and port.
    static func append(_ endpoint: Endpoint, to bytes: inout [UInt8]) {
        if let bits = endpoint.address.v4Bits {
            bytes.append(AddressType.v4.rawValue)
            appendBigEndian(bits, to: &bytes)
        } else {
            bytes.append(AddressType.v6.rawValue)
            appendBigEndian(endpoint.address.high, to: &bytes)
            appendBigEndian(endpoint.address.low, to: &bytes)
        }
        appendBigEndian(endpoint.port.rawValue, to: &bytes)
    }
}
