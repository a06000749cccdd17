/// A short text for the bytes of a policy and of all files that it reads: the same bytes in the same order give the same
/// text on every machine. It tells versions apart; it is no proof against someone who forges one.
struct Fingerprint {
    private var hash = SipHash(key: (0, 0))
    private var pending: UInt64 = 0
    private var byteCount: UInt64 = 0

    mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count, byteCount & 7 != 0 { absorb(byte: bytes[index], &index) }
        while bytes.count - index >= 8 {
            hash.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
            byteCount += 8
        }
        while index < bytes.count { absorb(byte: bytes[index], &index) }
    }

    /// Marks the end of a file, so that moving bytes from one file to the next changes the text.
    mutating func endFile() {
        hash.absorb(pending)
        hash.absorb(byteCount)
        pending = 0
        byteCount = 0
    }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(hash.finalized(), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func absorb(byte: UInt8, _ index: inout Int) {
        pending |= UInt64(byte) << (8 * (byteCount & 7))
        byteCount += 1
        index += 1
        if byteCount & 7 == 0 {
            hash.absorb(pending)
            pending = 0
        }
    }
}
