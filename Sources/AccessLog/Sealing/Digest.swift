/// The 32 bytes of a SHA-256.
public struct Digest: Hashable, Sendable {
    /// Its eight words, the first in the highest bits.
    private let words: [UInt32]

    init(words: InlineArray<8, UInt32>) {
        self.words = words.indices.map { words[$0] }
    }

    /// 64 hexadecimal digits in lower case, as a seal has them; nil for all else.
    public init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var words: [UInt32] = []
        for start in stride(from: 0, to: 64, by: 8) {
            var word: UInt32 = 0
            for digit in digits[start..<start + 8] {
                switch digit {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt32(digit - UInt8(ascii: "0"))
                case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
                default: return nil
                }
            }
            words.append(word)
        }
        self.words = words
    }

    /// The 32 bytes, in order.
    public var bytes: [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    /// 64 hexadecimal digits in lower case.
    var hex: [UInt8] {
        bytes.flatMap { [LineCursor.hexDigit($0 >> 4), LineCursor.hexDigit($0 & 15)] }
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { String(decoding: hex, as: UTF8.self) }
}
