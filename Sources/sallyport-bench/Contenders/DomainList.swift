import Glibc

/// A block list of a million names, different from each other, like those that people use: a word, a part that looks
/// random, a few top-level domains.
enum DomainList {
    enum Order: String, CaseIterable, Sendable {
        case sorted, shuffled
    }

    static let count = 1_000_000

    /// Name number `index`, below `count`; in the order of their numbers they are sorted.
    static func name(_ index: Int) -> String {
        var text: [UInt8] = []
        append(index, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes the list, one name a line.
    static func write(_ order: Order, to path: String) throws(BenchError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var text: [UInt8] = []
        text.reserveCapacity(24 * count)
        for position in 0..<count {
            // The factor has no divisor in common with a million: every name comes once.
            append(order == .sorted ? position : position * 618_033 % count, to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        var written = 0
        while written < text.count {
            let result = text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            guard result > 0 else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
            written += result
        }
    }

    // MARK: - Private

    private static let endings: [StaticString] = [
        ".com", ".net", ".org", ".info", ".co.uk", ".de", ".ru", ".cn", ".top", ".xyz", ".example", ".click",
    ]

    /// Five letters that count, some that follow from the number by chance, and an ending.
    private static func append(_ index: Int, to text: inout [UInt8]) {
        var divisor = 26 * 26 * 26 * 26
        while divisor > 0 {
            text.append(UInt8(ascii: "a") + UInt8(index / divisor % 26))
            divisor /= 26
        }
        var chance = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        chance ^= chance >> 29
        for _ in 0..<chance % 11 {
            chance = chance &* 0xD134_2543_DE82_EF95 &+ 1
            text.append(UInt8(ascii: "a") + UInt8(chance >> 40 % 26))
        }
        endings[Int(chance >> 33 % UInt64(endings.count))].withUTF8Buffer { text.append(contentsOf: $0) }
    }
}
