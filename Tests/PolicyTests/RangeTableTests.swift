import Addressing
import Testing

@testable import Policy

@Suite("Tables of addresses")
struct RangeTableTests {
    @Test("The longest prefix speaks; the families don't mix")
    func longestPrefix() {
        let texts = [
            "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.1.2.3/32", "::/0", "2001:db8::/32",
            "2001:db8:1::/48",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "255.255.255.255",
        ]
        let table = RangeTable(texts.enumerated().map { AddressRange(IPPrefix($1)!, line: UInt32($0 + 1)) })
        let expected: [(String, UInt32)] = [
            ("0.0.0.0", 1), ("9.255.255.255", 1), ("10.0.0.0", 2), ("10.255.255.255", 2), ("10.1.0.0", 3),
            ("10.1.2.3", 4),
            ("10.1.2.4", 3), ("11.0.0.0", 1), ("255.255.255.254", 1), ("255.255.255.255", 10), ("::", 6),
            ("2001:db8::", 7),
            ("2001:db8:1::1", 8), ("2001:db8:2::", 7), ("2001:db9::", 6), ("::ffff:10.1.2.3", 4),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 9),
        ]
        for (address, line) in expected { #expect(table.find(IPAddress(address)!) == line, "\(address)") }
    }

    @Test("Any ranges: the smallest that holds the address speaks, of two alike the first")
    func anyRanges() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<200 {
            let ranges = (0..<Int.random(in: 0...12, using: &random)).map { index in
                let ends = [UInt8.random(in: 0...60, using: &random), .random(in: 0...60, using: &random)].sorted()
                return RangePieces<UInt8>.Range(first: ends[0], last: ends[1], line: UInt32(index + 1))
            }
            let pieces = RangePieces(ranges)
            for bits in UInt8(0)...61 {
                let holding = ranges.filter { $0.first <= bits && bits <= $0.last }
                let smallest = holding.map { $0.last - $0.first }.min()
                let found = pieces.find(bits)
                #expect((found == nil) == holding.isEmpty)
                if let found {
                    let range = ranges[Int(found) - 1]
                    #expect(range.last - range.first == smallest && holding.contains { $0.line == found })
                    #expect(!holding.contains { $0.first == range.first && $0.last == range.last && $0.line < found })
                }
            }
        }
    }

    @Test("The ends of the number range are ordinary")
    func ends() {
        let pieces = RangePieces<UInt8>([.init(first: 0, last: 255, line: 1), .init(first: 255, last: 255, line: 2)])
        #expect(pieces.find(0) == 1)
        #expect(pieces.find(254) == 1)
        #expect(pieces.find(255) == 2)
        #expect(RangePieces<UInt8>([]).find(0) == nil)
    }
}
