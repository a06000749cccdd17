import Addressing

extension ProxyProtocol {
    static let signature: InlineArray<12, UInt8> = [
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
    ]

    /// Signature, version and command, family and transport, length; then addresses and values.
    ///
    /// Spec: §2.2.
    static func parseBinary(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Header> {
        for index in 0..<min(bytes.count, signature.count) where bytes[index] != signature[index] {
            throw .notProxyProtocol
        }
        guard bytes.count > 12 else { return .incomplete }
        guard bytes[12] >> 4 == 2 else { throw .invalidVersion(bytes[12] >> 4) }
        guard let command = Command(rawValue: bytes[12] & 0x0f) else { throw .unknownCommand(bytes[12] & 0x0f) }
        guard bytes.count > 13 else { return .incomplete }
        guard let family = Family(rawValue: bytes[13] >> 4) else { throw .unknownFamily(bytes[13]) }
        guard bytes[13] & 0x0f <= 2 else { throw .unknownFamily(bytes[13]) }
        guard bytes.count >= 16 else { return .incomplete }
        let end = 16 + Int(bigEndian(bytes, at: 14, count: 2))
        guard end <= maxBinaryBytes else { throw .tooLong }
        guard command == .local || end >= 16 + family.addressBytes else { throw .malformed }
        guard bytes.count >= end else { return .incomplete }
        var header = Header(version: 2, isLocal: command == .local, endpoints: nil)
        // What a LOCAL header says of addresses is to be ignored, and what one of no family holds is unknown.
        guard command == .proxy, family != .unspecified else { return .complete(header, consumed: end) }
        header.endpoints = endpoints(bytes, family, Transport(rawValue: bytes[13] & 0x0f))
        header.values = try values(bytes, 16 + family.addressBytes..<end)
        try checkSum(bytes, header.values, end)
        return .complete(header, consumed: end)
    }

    // MARK: - Private

    private enum Command: UInt8 {
        case local = 0
        case proxy = 1
    }

    private enum Family: UInt8 {
        case unspecified = 0
        case v4 = 1
        case v6 = 2
        case unix = 3

        /// What the two addresses and ports take.
        var addressBytes: Int {
            switch self {
            case .unspecified: 0
            case .v4: 12
            case .v6: 36
            case .unix: 216
            }
        }
    }

    private static func endpoints(_ bytes: Span<UInt8>, _ family: Family, _ transport: Transport?) -> Endpoints? {
        guard let transport else { return nil }
        func address(_ index: Int) -> IPAddress {
            family == .v4
                ? IPAddress(v4: UInt32(bigEndian(bytes, at: index, count: 4)))
                : IPAddress(high: bigEndian(bytes, at: index), low: bigEndian(bytes, at: index + 8))
        }
        func port(_ index: Int) -> Port {
            Port(UInt16(bigEndian(bytes, at: index, count: 2)))
        }
        switch family {
        case .v4, .v6:
            let size = family == .v4 ? 4 : 16
            return Endpoints(
                transport: transport, source: Endpoint(address(16), port(16 + 2 * size)),
                destination: Endpoint(address(16 + size), port(18 + 2 * size)))
        case .unspecified, .unix: return nil
        }
    }

    private static func values(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) -> [Value] {
        var cursor = Cursor(range)
        var values: [Value] = []
        while let type = cursor.uint8(bytes) {
            guard let value = cursor.vector(bytes, width: 2) else { throw .malformed }
            values.append(Value(type: type, range: value))
        }
        return values
    }

    /// The sum is over the whole header, with the sum's own four bytes taken as zero. Spec: §2.2.3.
    private static func checkSum(_ bytes: Span<UInt8>, _ values: [Value], _ end: Int) throws(ParseError) {
        var field: Range<Int>?
        for value in values where value.type == Value.checksum {
            guard field == nil, value.range.count == 4 else { throw .malformed }
            field = value.range
        }
        guard let field else { return }
        var sum = CRC32C()
        for index in 0..<end { sum.update(field.contains(index) ? 0 : bytes[index]) }
        guard UInt64(sum.value) == bigEndian(bytes, at: field.lowerBound, count: 4) else { throw .wrongChecksum }
    }
}
