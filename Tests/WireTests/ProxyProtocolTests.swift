import Addressing
import Testing

@testable import Wire

private enum Fixture {
    static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    static let v4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 7, 0xdc, 0x04, 0x01, 0xbb]

    static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        signature + [command, family] + ClientHelloFixture.vector(2, rest)
    }

    static func endpoints(_ source: String, _ destination: String) throws -> ProxyProtocol.Endpoints {
        ProxyProtocol.Endpoints(
            transport: .stream, source: Endpoint(try #require(IPAddress(source)), Port(56324)),
            destination: Endpoint(try #require(IPAddress(destination)), Port(443)))
    }
}

@Suite struct ProxyProtocolTests {
    @Test(
        "A text header names both ends",
        arguments: [
            ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", "192.0.2.1", "198.51.100.7"),
            ("PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n", "2001:db8::1", "2001:db8::2"),
            ("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.7 56324 443\r\n", "192.0.2.1", "198.51.100.7"),
        ])
    func text(_ line: String, _ source: String, _ destination: String) throws {
        let header = ProxyProtocol.Header(
            version: 1, isLocal: false, endpoints: try Fixture.endpoints(source, destination))
        ProxyProtocolReader.expect(line, .complete(header, consumed: line.utf8.count))
    }

    @Test(
        "A text header of unknown ends leaves the connection's own",
        arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"])
    func unknown(_ line: String) {
        let header = ProxyProtocol.Header(version: 1, isLocal: false, endpoints: nil)
        ProxyProtocolReader.expect(line, .complete(header, consumed: line.utf8.count))
    }

    @Test(
        "A text header that is not exactly of the format is refused",
        arguments: [
            ("GET / HTTP/1.1\r\n", .notProxyProtocol), ("PROXY\r\n", .notProxyProtocol),
            ("\u{5}\u{1}\u{0}", .notProxyProtocol),
            ("PROXY \r\n", .malformed), ("PROXY TCP5 a b 1 2\r\n", .malformed), ("PROXY Unknown\r\n", .malformed),
            ("PROXY tcp4 192.0.2.1 198.51.100.7 56324 443\r\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 56324\r\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 \r\n", .malformed),
            ("PROXY TCP4  192.0.2.1 198.51.100.7 56324 443\r\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 056324 443\r\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 65536 443\r\n", .malformed),
            ("PROXY TCP4 192.0.2.01 198.51.100.7 56324 443\r\n", .malformed),
            ("PROXY TCP4 ::ffff:192.0.2.1 198.51.100.7 56324 443\r\n", .malformed),
            ("PROXY TCP6 192.0.2.1 2001:db8::1 56324 443\r\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\n", .malformed),
            ("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\rX", .malformed),
            ("PROXY TCP4 192.0.2.1\u{0}", .malformed), ("PROXY UNKNOWN é\r\n", .malformed),
        ] as [(String, ProxyProtocol.ParseError)])
    func refusedText(_ line: String, _ error: ProxyProtocol.ParseError) {
        ProxyProtocolReader.expect(line, .refused(error))
    }

    @Test("A text header of 107 bytes is taken, a longer one refused before its end")
    func textLength() {
        let start = "PROXY UNKNOWN "
        let longest = start + String(repeating: "a", count: 105 - start.utf8.count)
        let header = ProxyProtocol.Header(version: 1, isLocal: false, endpoints: nil)
        ProxyProtocolReader.expect(longest + "\r\n", .complete(header, consumed: 107))
        ProxyProtocolReader.expect(longest + "a", .refused(.tooLong))
    }

    @Test("A binary header names both ends and keeps its values")
    func binary() throws {
        let v4 = Fixture.binary(0x21, 0x11, Fixture.v4 + [2, 0, 1, 97, 4, 0, 0])
        var header = ProxyProtocol.Header(
            version: 2, isLocal: false, endpoints: try Fixture.endpoints("192.0.2.1", "198.51.100.7"))
        header.values = [.init(type: 2, range: 31..<32), .init(type: 4, range: 35..<35)]
        ProxyProtocolReader.expect(v4, .complete(header, consumed: 35))
        let ends: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11)
        let v6 = Fixture.binary(0x21, 0x21, ends + [1] + ends + [2, 0xdc, 0x04, 0x01, 0xbb])
        header.endpoints = try Fixture.endpoints("2001:db8::1", "2001:db8::2")
        header.values = []
        ProxyProtocolReader.expect(v6, .complete(header, consumed: 52))
    }

    @Test("A local header, and one of no IP family, leaves the connection's own ends")
    func local() {
        var header = ProxyProtocol.Header(version: 2, isLocal: true, endpoints: nil)
        ProxyProtocolReader.expect(Fixture.binary(0x20, 0, []), .complete(header, consumed: 16))
        ProxyProtocolReader.expect(Fixture.binary(0x20, 0x11, [1, 2, 3]), .complete(header, consumed: 19))
        header.isLocal = false
        ProxyProtocolReader.expect(Fixture.binary(0x21, 0, [1, 2, 3]), .complete(header, consumed: 19))
        let unix = Fixture.binary(0x21, 0x31, [UInt8](repeating: 0, count: 216))
        ProxyProtocolReader.expect(unix, .complete(header, consumed: 232), stride: 3)
    }

    @Test("The checksum is that of RFC 9260, and a header with a wrong one is refused")
    func checksum() throws {
        var check = CRC32C()
        for byte in "123456789".utf8 { check.update(byte) }
        #expect(check.value == 0xe306_9283)
        var bytes = Fixture.binary(0x21, 0x11, Fixture.v4 + [3, 0, 4, 0, 0, 0, 0])
        var sum = CRC32C()
        for byte in bytes { sum.update(byte) }
        bytes.replaceSubrange(31..<35, with: (0..<4).map { UInt8(truncatingIfNeeded: sum.value >> (24 - 8 * $0)) })
        var header = ProxyProtocol.Header(
            version: 2, isLocal: false, endpoints: try Fixture.endpoints("192.0.2.1", "198.51.100.7"))
        header.values = [.init(type: 3, range: 31..<35)]
        ProxyProtocolReader.expect(bytes, .complete(header, consumed: 35))
        for index in [16, 27, 34] {
            var changed = bytes
            changed[index] ^= 1
            ProxyProtocolReader.expect(changed, .refused(.wrongChecksum))
        }
    }

    @Test(
        "A binary header that is not exactly of the format is refused",
        arguments: [
            (Array(Fixture.signature[..<11]) + [0], .notProxyProtocol), ([13, 10, 13, 10, 13], .notProxyProtocol),
            (Fixture.signature + [0x11], .invalidVersion(1)), (Fixture.signature + [0x22], .unknownCommand(2)),
            (Fixture.signature + [0x21, 0x41], .unknownFamily(0x41)),
            (Fixture.signature + [0x21, 0x13], .unknownFamily(0x13)),
            (Fixture.signature + [0x21, 0x11, 0, 11], .malformed),
            (Fixture.signature + [0x21, 0x11, 0x10, 0], .tooLong),
            (Fixture.binary(0x21, 0x11, Fixture.v4 + [1]), .malformed),
            (Fixture.binary(0x21, 0x11, Fixture.v4 + [1, 0, 1]), .malformed),
            (Fixture.binary(0x21, 0x11, Fixture.v4 + [3, 0, 1, 0]), .malformed),
        ] as [([UInt8], ProxyProtocol.ParseError)])
    func refusedBinary(_ bytes: [UInt8], _ error: ProxyProtocol.ParseError) {
        ProxyProtocolReader.expect(bytes, .refused(error))
    }
}
