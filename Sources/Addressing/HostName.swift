/// A DNS name in its one normal form: lower case, no trailing dot, and certainly not an address in disguise.
///
/// Spec: RFC 1035 §2.3.1 and §2.3.4 for labels and lengths, with `_` allowed as real names have it.
public struct HostName: Hashable, Sendable {
    /// Letters (lower case), digits, `-`, `_`, and single dots between labels; 1–253 bytes of ASCII.
    public let text: String

    /// - Throws: `HostError`; nothing is ever mended.
    public init(parsing bytes: Span<UInt8>) throws(HostError) {
        var end = bytes.count
        while end > 0, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end > 0 else { throw bytes.count == 0 ? .empty : .emptyLabel }
        guard end <= 253 else { throw .nameTooLong }
        var labelStart = 0
        for index in 0..<end {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard index > labelStart else { throw .emptyLabel }
                labelStart = index + 1
            } else {
                guard Self.isAllowed(byte) else { throw .invalidByte(byte) }
                guard index - labelStart < 63 else { throw .labelTooLong }
            }
        }
        guard !Self.isNumeric(bytes.extracting(labelStart..<end)) else { throw .numericName }
        text = String(unsafeUninitializedCapacity: end) { buffer in
            for index in 0..<end { buffer[index] = Self.folded(bytes[index]) }
            return end
        }
    }

    public init(_ text: some StringProtocol) throws(HostError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span)
    }

    // MARK: - Private

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch folded(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Whether a last label makes the whole a number for `inet_aton`: all digits, or `0x` and hexadecimal digits.
    ///
    /// Spec: RFC 3696 §2: no top-level domain is all-numeric.
    private static func isNumeric(_ label: Span<UInt8>) -> Bool {
        let isHex = label.count >= 2 && label[0] == UInt8(ascii: "0") && folded(label[1]) == UInt8(ascii: "x")
        for index in (isHex ? 2 : 0)..<label.count {
            switch folded(label[index]) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "f") where isHex: continue
            default: return false
            }
        }
        return true
    }
}

extension HostName: CustomStringConvertible {
    public var description: String { text }
}
