/// Where a request wants to go: a name or an address, made once from the request's bytes and used by policy, resolver,
/// dialler and log alike.
public enum Host: Hashable, Sendable {
    case name(HostName)
    case address(IPAddress)

    /// A name, a dotted quad, or an IPv6 address without brackets (as SOCKS carries it).
    ///
    /// - Throws: `HostError`.
    public init(parsing bytes: Span<UInt8>) throws(HostError) {
        if let address = IPAddress(parsing: bytes) {
            try self.init(address)
        } else if bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: ":") }) {
            if bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: "%") }) { throw .zoneIdentifier }
            throw bytes[0] == UInt8(ascii: "[") ? .invalidBrackets : .invalidByte(UInt8(ascii: ":"))
        } else {
            self = .name(try HostName(parsing: bytes))
        }
    }

    public init(_ address: IPAddress) throws(HostError) {
        guard !address.isUnspecified else { throw .unspecifiedAddress }
        self = .address(address)
    }

    public init(_ text: some StringProtocol) throws(HostError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span)
    }
}

extension Host: CustomStringConvertible {
    public var description: String {
        switch self {
        case .name(let name): name.text
        case .address(let address): address.description
        }
    }
}
