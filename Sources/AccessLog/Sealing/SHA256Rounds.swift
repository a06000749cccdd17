/// The compression of SHA-256 in plain Swift.
///
/// Spec: FIPS 180-4 §4.1.2, §4.2.2, §6.2.2.
enum SHA256Rounds {
    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    /// Takes `count` blocks of 64 bytes into `state`.
    static func compress(
        _ state: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>,
        _ blocks: UnsafeRawPointer, _ count: Int
    ) {
        var working = Working(state)
        for index in 0..<count {
            let before = working
            // The schedule in a window of sixteen words, as words further back are not needed again.
            var words = InlineArray<16, UInt32>(repeating: 0)
            for place in 0..<16 {
                let word = (blocks + 64 * index).loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)
                words[place] = UInt32(bigEndian: word)
            }
            working.sixteenRounds(words, constants, from: 0)
            for start in stride(from: 16, to: 64, by: 16) {
                extend(&words)
                working.sixteenRounds(words, constants, from: start)
            }
            working.add(before)
        }
        working.store(state)
    }

    /// Replaces the window's words by the next sixteen.
    @inline(__always)
    private static func extend(_ words: inout InlineArray<16, UInt32>) {
        for place in 0..<16 {
            let early = words[unchecked: (place + 1) & 15]
            let late = words[unchecked: (place + 14) & 15]
            let sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words[unchecked: place] =
                words[unchecked: place] &+ sigma0 &+ words[unchecked: (place + 9) & 15] &+ sigma1
        }
    }

    @inline(__always)
    private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word >> bits | word << (32 &- bits)
    }

    /// The eight working variables.
    private struct Working {
        var a: UInt32
        var b: UInt32
        var c: UInt32
        var d: UInt32
        var e: UInt32
        var f: UInt32
        var g: UInt32
        var h: UInt32

        init(_ state: UnsafeMutableBufferPointer<UInt32>) {
            (a, b, c, d) = (state[0], state[1], state[2], state[3])
            (e, f, g, h) = (state[4], state[5], state[6], state[7])
        }

        func store(_ state: UnsafeMutableBufferPointer<UInt32>) {
            (state[0], state[1], state[2], state[3]) = (a, b, c, d)
            (state[4], state[5], state[6], state[7]) = (e, f, g, h)
        }

        @inline(__always)
        mutating func add(_ other: Working) {
            (a, b, c, d) = (a &+ other.a, b &+ other.b, c &+ other.c, d &+ other.d)
            (e, f, g, h) = (e &+ other.e, f &+ other.f, g &+ other.g, h &+ other.h)
        }

        @inline(__always)
        mutating func sixteenRounds(
            _ words: InlineArray<16, UInt32>, _ constants: UnsafeBufferPointer<UInt32>, from start: Int
        ) {
            for place in stride(from: 0, to: 16, by: 8) {
                let sums = InlineArray<8, UInt32> {
                    words[unchecked: place + $0] &+ constants[start + place + $0]
                }
                // The variables change their roles instead of their places: eight rounds bring them round.
                Self.round(a, b, c, &d, e, f, g, &h, sums[0])
                Self.round(h, a, b, &c, d, e, f, &g, sums[1])
                Self.round(g, h, a, &b, c, d, e, &f, sums[2])
                Self.round(f, g, h, &a, b, c, d, &e, sums[3])
                Self.round(e, f, g, &h, a, b, c, &d, sums[4])
                Self.round(d, e, f, &g, h, a, b, &c, sums[5])
                Self.round(c, d, e, &f, g, h, a, &b, sums[6])
                Self.round(b, c, d, &e, f, g, h, &a, sums[7])
            }
        }

        @inline(__always)
        private static func round(
            _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
            _ h: inout UInt32, _ sum: UInt32
        ) {
            let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let choice = g ^ (e & (f ^ g))
            let first = h &+ sum1 &+ choice &+ sum
            let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let majority = (a & b) | (c & (a | b))
            d = d &+ first
            h = first &+ sum0 &+ majority
        }
    }
}
