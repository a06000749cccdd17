import Testing

@testable import Wire

@Suite struct ByteRunTests {
    @Test("A run ends at the first byte that ends it, whichever byte that is and wherever it stands")
    func ends() {
        for count in [0, 1, 7, 8, 9, 17, 24] {
            for position in 0..<count {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: 0x61, count: count)
                    bytes[position] = byte
                    // Behind the first stop another, so that a wrong lane would show.
                    if position + 1 < count { bytes[position + 1] = 0 }
                    let text = ByteRun.textEnd(bytes.span, from: 0, to: count)
                    let target = ByteRun.targetEnd(bytes.span, from: 0)
                    let stopsText = byte < 0x20 || byte == 0x7f
                    let stopsTarget = byte <= 0x20 || byte >= 0x7f || byte == 0x23
                    let next = min(position + 1, count)
                    if text != (stopsText ? position : next) || target != (stopsTarget ? position : next) {
                        Issue.record("0x\(String(byte, radix: 16)) at \(position) of \(count): \(text), \(target)")
                    }
                }
            }
        }
    }

    @Test("Letters and dashes are found whatever else stands among them, up to the last eight bytes")
    func letters() {
        for count in [8, 9, 17, 24] {
            for position in 0...(count - 8) {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: 0x2d, count: count)
                    bytes[position] = byte
                    if position + 1 < count { bytes[position + 1] = 0x40 }
                    let isPart = byte == 0x2d || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a
                    let end = ByteRun.letterEnd(bytes.span, from: 0)
                    // What stands in the last eight bytes may be left to the caller.
                    let expected = isPart ? position + 1 : position
                    if end != min(expected, count / 8 * 8) {
                        Issue.record("0x\(String(byte, radix: 16)) at \(position) of \(count): \(end)")
                    }
                }
            }
        }
    }

    @Test("A word is equal to itself in any mixture of cases, and to nothing else of its length")
    func words() {
        let words: [StaticString] = ["te", "upgrade", "chunked", "connection", "100-continue", "x-forwarded-for"]
        for word in words {
            let own = word.withUTF8Buffer { Array($0) }
            for position in own.indices {
                for byte in UInt8.min...UInt8.max {
                    var bytes = own
                    bytes[position] = byte
                    let isEqual = ByteClass.folded(byte) == own[position]
                    if ByteClass.equal(bytes.span, 0..<bytes.count, word) != isEqual {
                        Issue.record("\(word): 0x\(String(byte, radix: 16)) at \(position)")
                    }
                }
            }
        }
    }

    @Test("A token is made of exactly the bytes that RFC 9110 §5.6.2 lists")
    func tokens() {
        let list = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let allowed = Set(list.utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(ByteClass.isToken(byte) == allowed.contains(byte))
            #expect(ByteClass.folded(byte) == (byte >= 65 && byte <= 90 ? byte + 32 : byte))
            #expect(ByteClass.isDigit(byte) == (byte >= 48 && byte <= 57))
        }
    }
}
