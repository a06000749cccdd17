/// `host:port`, as the target of CONNECT and the heart of an `http://` URL.
///
/// Spec: RFC 3986 §3.2 (`host [ ":" port ]`), RFC 9112 §3.2.3 (authority-form), without user information.
public struct Authority: Hashable, Sendable {
    public let host: Host
    /// 1–65535.
    public let port: Port

    public init(host: Host, port: Port) {
        self.host = host
        self.port = port
    }

    /// - Parameter defaultPort: taken when there is no `:port`; nil makes the port mandatory.
    /// - Throws: `HostError`.
    public init(parsing bytes: Span<UInt8>, defaultPort: Port? = nil) throws(HostError) {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "@") { throw .userInformation }
        let range = Self.hostRange(in: bytes)
        if range.lowerBound > 0 {
            guard range.upperBound < bytes.count else { throw .invalidBrackets }
            host = try Self.bracketed(bytes.extracting(range))
            port = try Self.port(bytes.extracting(range.upperBound + 1..<bytes.count), defaultPort: defaultPort)
        } else {
            host = try Host(parsing: bytes.extracting(range))
            port = try Self.port(bytes.extracting(range.upperBound..<bytes.count), defaultPort: defaultPort)
        }
    }

    public init(_ text: some StringProtocol, defaultPort: Port? = nil) throws(HostError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span, defaultPort: defaultPort)
    }

    /// Where the host stands in the bytes of an authority, without brackets and port.
    public static func hostRange(in bytes: Span<UInt8>) -> Range<Int> {
        let isBracketed = bytes.count > 0 && bytes[0] == UInt8(ascii: "[")
        let end = isBracketed ? UInt8(ascii: "]") : UInt8(ascii: ":")
        var index = isBracketed ? 1 : 0
        while index < bytes.count, bytes[index] != end { index += 1 }
        return (isBracketed ? 1 : 0)..<index
    }

    // MARK: - Private

    private static func bracketed(_ bytes: Span<UInt8>) throws(HostError) -> Host {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") { throw .zoneIdentifier }
        let isV6 = bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: ":") })
        guard isV6, let address = IPAddress(parsing: bytes) else { throw .invalidBrackets }
        return try Host(address)
    }

    private static func port(_ bytes: Span<UInt8>, defaultPort: Port?) throws(HostError) -> Port {
        guard bytes.count > 0 else {
            guard let defaultPort else { throw .missingPort }
            return defaultPort
        }
        guard bytes[0] == UInt8(ascii: ":") else { throw .invalidBrackets }
        guard bytes.count > 1 else { throw .missingPort }
        guard let port = Port(parsing: bytes.extracting(1..<bytes.count)), port.rawValue > 0 else {
            throw .invalidPort
        }
        return port
    }
}

extension Authority: CustomStringConvertible {
    public var description: String {
        switch host {
        case .name(let name): "\(name.text):\(port)"
        case .address(let address): Endpoint(address, port).description
        }
    }
}
