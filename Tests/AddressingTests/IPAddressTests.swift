import Testing

@testable import Addressing

@Suite struct IPAddressTests {
    @Test(
        "An accepted address is printed in its one normal form",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
            // RFC 5952 §4.1 to §4.3
            ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1::8", "1::8"),
            // IPv4-mapped, however it is written
            ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
            ("0:0:0:0:0:FFFF:192.0.2.1", "192.0.2.1"), ("::ffff:0.0.0.0", "0.0.0.0"),
            ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("::192.0.2.1", "::c000:201"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ])
    func normalForm(_ text: String, _ normal: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == normal)
        #expect(IPAddress(normal) == address)
    }

    @Test(
        "Whatever is not exactly an address is none",
        arguments: [
            "", "1", "1.2", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "01.2.3.4", "1.2.3.04",
            "1.2.3.256", "1.2.3.999", "1.2.3.1000", "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "-1.2.3.4",
            "1.2.3.a", "2130706433", "0x7f000001", "017700000001", "127.1", "1.2.3.4\u{0}", "１.2.3.4",
            ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1%1", "::1%eth0", "fe80::1%25en0", "[::1]", "::1 ", "::1/128",
            "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5", "::01.2.3.4", "1.2.3.4::", "::256.1.1.1", "1:2:3:4:5:6:7:1.2.3.4",
            "::ffff:1.2.3.4%1", "0000:0000:0000:0000:0000:0000:0000:00000",
            "0000:0000:0000:0000:0000:ffff:255.255.255.2555",
        ])
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("The longest spelling of an address is read")
    func longest() {
        #expect(IPAddress("0000:0000:0000:0000:0000:ffff:255.255.255.255") == IPAddress(255, 255, 255, 255))
    }

    @Test("Both unspecified addresses are known, and no other")
    func unspecified() {
        #expect(IPAddress.anyV4.isUnspecified)
        #expect(IPAddress.anyV6.isUnspecified)
        #expect(!IPAddress.loopbackV4.isUnspecified)
        #expect(!IPAddress.loopbackV6.isUnspecified)
        #expect(!IPAddress(0, 0, 0, 1).isUnspecified)
    }

    @Test(
        "A prefix holds its network and nothing beside it",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("192.0.2.1", "192.0.2.1", "192.0.2.0"),
            ("0.0.0.0/0", "255.255.255.255", "::1"), ("::/0", "2001:db8::1", "192.0.2.1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"), ("::1", "::1", "::2"),
            ("fe80::/10", "febf::1", "fec0::"), ("2001:db8::8000:0:0:0/65", "2001:db8::ffff:0:0:1", "2001:db8::1"),
        ])
    func prefix(_ text: String, _ inside: String, _ outside: String) throws {
        let prefix = try #require(IPPrefix(text))
        #expect(prefix.contains(try #require(IPAddress(inside))))
        #expect(!prefix.contains(try #require(IPAddress(outside))))
        #expect(IPPrefix(prefix.description) == prefix)
    }

    @Test(
        "A prefix with bits beyond its length, or a length out of range, is none",
        arguments: [
            "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/8/8", "10/8", "/8", "",
            "2001:db8::1/32", "::/129", "::ffff:10.0.0.0/104", "10.0.0.0/+8", "10.0.0.0/8 ", "a/8",
        ])
    func refusedPrefix(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test("A port is one to five digits without sign, blank or leading zero")
    func port() {
        func port(_ text: String) -> UInt16? {
            let bytes = Array(text.utf8)
            return Port(parsing: bytes.span)?.rawValue
        }
        #expect(port("0") == 0)
        #expect(port("1") == 1)
        #expect(port("65535") == 65535)
        for text in ["", "65536", "99999", "100000", "00", "01", "+1", "-1", " 1", "1 ", "1a", "0x1", "١"] {
            #expect(port(text) == nil, "\(text)")
        }
    }
}
