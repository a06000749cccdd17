import Addressing

extension ProxyProtocol {
    ///     PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n
    ///     PROXY UNKNOWN …\r\n
    ///
    /// Spec: §2.1.
    static func parseText(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Header> {
        let start: StaticString = "PROXY "
        let isText = start.withUTF8Buffer { start in
            for index in 0..<min(bytes.count, start.count) where bytes[index] != start[index] { return false }
            return true
        }
        guard isText else { throw .notProxyProtocol }
        var end = 0
        while end < min(bytes.count, maxTextBytes - 1), bytes[end] != ByteClass.cr {
            guard bytes[end] >= 0x20, bytes[end] < 0x7f else { throw .malformed }
            end += 1
        }
        guard end < maxTextBytes - 1 else { throw .tooLong }
        guard end + 1 < bytes.count else { return .incomplete }
        guard bytes[end + 1] == ByteClass.lf else { throw .malformed }
        let endpoints = try readText(bytes, start.utf8CodeUnitCount..<end)
        return .complete(Header(version: 1, isLocal: false, endpoints: endpoints), consumed: end + 2)
    }

    // MARK: - Private

    /// The words after `PROXY`; nil endpoints for `UNKNOWN`, whatever follows it.
    private static func readText(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) -> Endpoints? {
        var words: [Range<Int>] = []
        var start = range.lowerBound
        for index in range.lowerBound...range.upperBound
        where index == range.upperBound || bytes[index] == ByteClass.space {
            words.append(start..<index)
            start = index + 1
        }
        if ByteClass.isExactly(bytes, words[0], "UNKNOWN") { return nil }
        let isV4 = ByteClass.isExactly(bytes, words[0], "TCP4")
        guard isV4 || ByteClass.isExactly(bytes, words[0], "TCP6"), words.count == 5,
            let source = address(bytes, words[1], isV4), let destination = address(bytes, words[2], isV4),
            let sourcePort = Port(parsing: bytes.extracting(words[3])),
            let destinationPort = Port(parsing: bytes.extracting(words[4]))
        else { throw .malformed }
        return Endpoints(
            transport: .stream, source: Endpoint(source, sourcePort),
            destination: Endpoint(destination, destinationPort))
    }

    /// An address of the family that the line announces; an IPv4-mapped one is written as IPv6.
    private static func address(_ bytes: Span<UInt8>, _ word: Range<Int>, _ isV4: Bool) -> IPAddress? {
        var hasColon = false
        for index in word where bytes[index] == UInt8(ascii: ":") { hasColon = true }
        return hasColon == isV4 ? nil : IPAddress(parsing: bytes.extracting(word))
    }
}
