import Glibc
import Testing

@testable import Addressing

/// What the system's own readers make of thousands of spellings, beside what we make of them.
@Suite struct SpellingTests {
    @Test("No spelling of an address reaches an address that policy did not see", arguments: [1, 2, 3, 4] as [UInt64])
    func noOtherAddress(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        var refused = 0
        for _ in 0..<5_000 {
            let text = generator.pick([Spelling.v4, Spelling.v4, Spelling.v6, Spelling.name])(&generator)
            guard let host = try? Host(text) else {
                refused += 1
                continue
            }
            accepted += 1
            let system = Numeric.addresses(text)
            switch host {
            case .address(let address):
                #expect(system == [address], "\(text)")
            case .name(let name):
                #expect(system.isEmpty, "\(text) is \(system) to the system")
                // What is handed to a resolver must be a name to it too, with and without the root's dot.
                #expect(Numeric.addresses(name.text).isEmpty, "\(name)")
                #expect(Numeric.addresses(name.text + ".").isEmpty, "\(name).")
            }
            #expect((try? Host(host.description)) == host, "\(text)")
        }
        #expect(accepted > 500)
        #expect(refused > 500)
    }

    @Test("The plain forms are read as inet_pton reads them, and printed as inet_ntop prints them")
    func plainForms() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            let text = Spelling.v6(&generator)
            #expect(IPAddress(text) == Numeric.pton(text), "\(text)")
            let address = IPAddress(high: Spelling.sparse(&generator), low: Spelling.sparse(&generator))
            // inet_ntop writes the last two groups of ::/96 as a dotted quad; RFC 5952 leaves that open.
            if address.high != 0 || address.low >> 32 != 0 {
                #expect(address.description == Numeric.ntop(address), "\(address)")
            }
            #expect(IPAddress(address.description) == address)
        }
    }
}

/// Spellings of addresses and names, good and bad.
enum Spelling {
    static func v4(_ generator: inout SeededGenerator) -> String {
        let count = generator.pick([4, 4, 4, 4, 1, 2, 3, 5, 0])
        var parts: [String] = []
        for index in 0..<count {
            let isLast = index == count - 1
            var value = UInt64(generator.below(generator.pick([10, 256, 256, 256, 300])))
            if isLast, count < 4, generator.below(2) == 0 {
                value = generator.next() >> UInt64(generator.pick([32, 40, 48]))
            }
            parts.append(number(value, &generator))
        }
        var text = parts.joined(separator: generator.pick([".", ".", ".", ".", ".", "..", ","]))
        if generator.below(12) == 0 { text = generator.pick([" ", "+", "-", "0", "[", "\t", ".", "0x", "x"]) + text }
        if generator.below(6) == 0 {
            text += generator.pick([" ", ".", "..", "a", "]", "\n", "%1", ".0", ".example", "x", "u", "\u{0}", " x"])
        }
        return text
    }

    static func v6(_ generator: inout SeededGenerator) -> String {
        var groups: [String] = []
        let count = generator.pick([8, 8, 8, 7, 6, 5, 3, 1, 9])
        for _ in 0..<count {
            let value = generator.pick([0, 0, 1, 0xffff, UInt64(generator.below(0x10000)), 0x1_0000])
            var digits = String(value, radix: 16, uppercase: generator.below(3) == 0)
            if generator.below(4) == 0 { digits = "0" + digits }
            groups.append(digits)
        }
        if generator.below(4) == 0 { groups[groups.count - 1] = v4(&generator) }
        if generator.below(3) > 0 { groups[generator.below(groups.count)] = "" }
        var text = groups.joined(separator: ":")
        if generator.below(5) == 0 { text = generator.pick(["::", ":", "::ffff:", "64:ff9b::", "["]) + text }
        if generator.below(8) == 0 { text += generator.pick(["::", ":", "%1", "%lo", "]", " ", "/64"]) }
        return text
    }

    static func name(_ generator: inout SeededGenerator) -> String {
        let bytes = Array("abxX019f-_.0x..%".unicodeScalars)
        var text = ""
        for _ in 0..<generator.below(12) { text.unicodeScalars.append(generator.pick(bytes)) }
        return text
    }

    static func sparse(_ generator: inout SeededGenerator) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<4 { value = value << 16 | generator.pick([0, 0, 1, generator.next() & 0xffff]) }
        return value
    }

    private static func number(_ value: UInt64, _ generator: inout SeededGenerator) -> String {
        switch generator.below(8) {
        case 0: "0" + String(value, radix: 8)
        case 1: "0x" + String(value, radix: 16)
        case 2: "0X" + String(value, radix: 16, uppercase: true)
        case 3: String(repeating: "0", count: generator.below(4)) + String(value)
        default: String(value)
        }
    }
}

/// The C library's readers of numeric addresses.
enum Numeric {
    /// What `inet_aton` and `getaddrinfo` with `AI_NUMERICHOST` understand, in our form.
    static func addresses(_ text: String) -> Set<IPAddress> {
        // C sees no further than a NUL; neither would a resolver that is handed the text.
        var found: Set<IPAddress> = []
        var v4 = in_addr()
        if inet_aton(text, &v4) != 0 { found.insert(IPAddress(v4: UInt32(bigEndian: v4.s_addr))) }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(text, nil, &hints, &list) == 0 else { return found }
        defer { freeaddrinfo(list) }
        var entry = list
        while let info = entry?.pointee {
            if info.ai_family == AF_INET {
                info.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    _ = found.insert(IPAddress(v4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr)))
                }
            } else if info.ai_family == AF_INET6 {
                info.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    _ = found.insert(address($0.pointee.sin6_addr))
                }
            }
            entry = info.ai_next
        }
        return found
    }

    static func pton(_ text: String) -> IPAddress? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return IPAddress(v4: UInt32(bigEndian: v4.s_addr)) }
        var v6 = in6_addr()
        return inet_pton(AF_INET6, text, &v6) == 1 ? address(v6) : nil
    }

    static func ntop(_ address: IPAddress) -> String {
        var halves = (address.high.bigEndian, address.low.bigEndian)
        var buffer = [CChar](repeating: 0, count: 64)
        guard inet_ntop(AF_INET6, &halves, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func address(_ v6: in6_addr) -> IPAddress {
        withUnsafeBytes(of: v6) { bytes in
            IPAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
