import Addressing
import Testing

@testable import Policy

@Suite("Names in bytes")
struct NameScannerTests {
    @Test("A scanned name has the hash of its HostName, and is refused when HostName refuses")
    func agreesWithHostName() {
        var random = SplitMix64(seed: 3)
        let parts = [
            "a", "B", "7", "-", "_", ".", "..", "xn--", "XN--a", "0x1", "example", "é", " ", "\0", "a.b.c.d.e.f.g.h",
            String(repeating: "l", count: 63), String(repeating: "m", count: 64), String(repeating: "n.", count: 60),
        ]
        var scanner = NameScanner()
        var scanned = 0
        for _ in 0..<2000 {
            let count = Int.random(in: 0...6, using: &random)
            let text = (0..<count).map { _ in parts.randomElement(using: &random)! }.joined()
            let name = Result { () throws(HostError) in try HostName(text) }
            let bytes = Array(text.utf8)
            let hash = Result { () throws(HostError) in
                try scanner.scan(bytes.span)
                return scanner.hash()
            }
            switch (name, hash) {
            case (.failure(let expected), .failure(let error)): #expect(error == expected, "\(text)")
            case (.success(let name), .success(let hash)):
                scanned += 1
                let suffixes = Self.suffixes(of: .name(name))
                #expect(suffixes.last == hash, "\(text)")
                #expect(suffixes.count == scanner.labelCount, "\(text)")
            default: Issue.record("\(text): \(name) but \(hash)")
            }
        }
        #expect(scanned > 200)
    }

    @Test("The hashes of a name's suffixes are those of the suffixes themselves")
    func suffixes() throws {
        let name = "a.label-of-eighteen.eightlng.x.example"
        let hashes = Self.suffixes(of: try Host(name))
        let labels = name.split(separator: ".")
        for count in 1...labels.count {
            let suffix = try Host(labels.suffix(count).joined(separator: "."))
            #expect(Self.suffixes(of: suffix).last == hashes[count - 1])
        }
        #expect(Set(hashes).count == labels.count)
        #expect(Self.suffixes(of: try Host("192.0.2.1")).isEmpty)
    }

    @Test("The longest name with the most labels fits")
    func longest() throws {
        let name = Array(repeating: "a", count: 127).joined(separator: ".")
        #expect(name.utf8.count == 253)
        #expect(Self.suffixes(of: try Host(name)).count == 127)
        let labels = [63, 63, 63, 61].map { String(repeating: "b", count: $0) }.joined(separator: ".")
        #expect(Self.suffixes(of: try Host(labels)).count == 4)
    }

    private static func suffixes(of host: Host) -> [UInt64] {
        NameDigest.of(host) { hashes in hashes.indices.map { hashes[$0] } }
    }
}
