import Testing

@testable import Addressing

@Suite struct SpecialRangeTests {
    @Test(
        "Each special address is in its ranges and in no other",
        arguments: [
            ("10.1.2.3", [.private]), ("172.16.0.1", [.private]), ("172.32.0.1", []), ("192.168.255.255", [.private]),
            ("127.0.0.1", [.loopback]), ("127.255.255.255", [.loopback]), ("::1", [.loopback]),
            ("::ffff:127.0.0.1", [.loopback]), ("169.254.1.1", [.linkLocal]), ("fe80::1", [.linkLocal]),
            ("169.254.169.254", [.linkLocal, .metadata]), ("::ffff:a9fe:a9fe", [.linkLocal, .metadata]),
            ("100.100.100.200", [.shared, .metadata]), ("fd00:ec2::254", [.private, .metadata]),
            ("168.63.129.16", [.metadata]), ("168.63.129.17", []), ("100.64.0.0", [.shared]), ("100.128.0.0", []),
            ("fc00::1", [.private]), ("fdff::1", [.private]), ("224.0.0.1", [.multicast]), ("ff02::1", [.multicast]),
            ("192.0.2.1", [.documentation]), ("2001:db8::1", [.documentation]), ("3fff:fff::1", [.documentation]),
            ("3fff:1000::", []), ("0.0.0.0", [.reserved]), ("0.255.0.1", [.reserved]), ("::", [.reserved]),
            ("192.0.0.9", [.reserved]), ("198.19.0.1", [.reserved]), ("240.0.0.1", [.reserved]),
            ("255.255.255.255", [.reserved]), ("100::1", [.reserved]), ("100:0:0:1::1", [.reserved]),
            ("2001::1", [.reserved]), ("2001:1ff::1", [.reserved]), ("2001:200::1", []), ("5f00::1", [.reserved]),
            ("fec0::1", [.reserved]), ("64:ff9b:1::1", [.reserved]), ("64:ff9b::808:808", []), ("2002:808:808::1", []),
            ("::8.8.8.8", [.reserved]), ("8.8.8.8", []), ("2606:4700::1", []), ("11.0.0.0", []), ("9.255.255.255", []),
        ] as [(String, [SpecialRange])])
    func membership(_ text: String, _ ranges: [SpecialRange]) throws {
        let address = try #require(IPAddress(text))
        let found = SpecialRange.allCases.filter { $0.contains(address) }
        #expect(Set(found) == Set(ranges.isEmpty ? [] : ranges + [.special]))
    }

    @Test("Every network of the table begins and ends where it says", arguments: SpecialRange.special.entries)
    func boundaries(_ entry: SpecialRange.Entry) {
        let network = entry.prefix.network
        let mask = entry.prefix.mappedLength == 128 ? UInt128(0) : UInt128.max >> UInt128(entry.prefix.mappedLength)
        let first = UInt128(network.high) << 64 | UInt128(network.low)
        for bits in [first, first | mask] {
            let address = IPAddress(high: UInt64(bits >> 64), low: UInt64(truncatingIfNeeded: bits))
            #expect(entry.range.contains(address))
            #expect(SpecialRange.special.contains(address))
        }
        #expect(!entry.source.isEmpty)
        #expect(entry.range != .special)
    }

    @Test("Every range has entries, and is found by its name", arguments: SpecialRange.allCases)
    func names(_ range: SpecialRange) {
        #expect(SpecialRange(name: range.name) == range)
        #expect(!range.entries.isEmpty)
        #expect(SpecialRange(name: range.name.uppercased()) == nil)
    }

    @Test("What a verdict cites is the entry that matched")
    func citation() throws {
        let address = try #require(IPAddress("169.254.169.254"))
        #expect(SpecialRange.linkLocal.entry(for: address)?.source == "RFC 3927")
        #expect(SpecialRange.special.entry(for: address)?.range == .metadata)
    }

    @Test(
        "The IPv4 addresses inside an IPv6 one are judged with it",
        arguments: [
            ("8.8.8.8", []), ("::ffff:8.8.8.8", []), ("2606:4700::1", []), ("::1", []), ("::", []),
            ("64:ff9b::10.0.0.1", ["10.0.0.1"]), ("64:ff9b::0.0.0.0", ["0.0.0.0"]), ("64:ff9b::1:10.0.0.1", []),
            ("2002:7f00:1::", ["127.0.0.1"]), ("2002:a9fe:a9fe::1", ["169.254.169.254"]),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", ["65.54.227.120", "192.0.2.45"]),
            ("2001:0:7f00:1::", ["127.0.0.1", "255.255.255.255"]), ("2001:1::1", []),
            ("::10.0.0.1", ["10.0.0.1"]), ("::ffff:0:10.0.0.1", ["10.0.0.1"]),
            // RFC 6052 §2.4 has 192.0.2.33 at each length
            ("64:ff9b:1:c000:2:2100::", ["192.0.2.33", "2.33.0.0"]),
            ("64:ff9b:1:c0:0:221::", ["192.0.2.33"]),
            ("64:ff9b:1:0:c0:2:2100::", ["192.0.2.33", "33.0.0.0"]),
            ("64:ff9b:1::192.0.2.33", ["192.0.2.33"]), ("64:ff9b:1::", []), ("64:ff9b:2::10.0.0.1", []),
        ] as [(String, [String])])
    func judged(_ text: String, _ embedded: [String]) throws {
        let address = try #require(IPAddress(text))
        let judged = address.judged
        #expect(judged.map(\.description) == [address.description] + embedded)
        #expect(judged.indices.map { judged[$0] } == Array(judged))
    }
}
