extension HTTP1 {
    /// The user name and password of a `Proxy-Authorization` field.
    ///
    /// Spec: RFC 7617 §2, RFC 9110 §11.4.
    public struct BasicCredentials: Hashable, Sendable {
        /// Bytes of any kind but a colon; not empty.
        public let userName: [UInt8]
        /// Never logged.
        public let password: [UInt8]

        /// What a field's value comes to.
        public enum Reading: Hashable, Sendable {
            case credentials(BasicCredentials)
            /// Another scheme: nothing that could be checked here.
            case otherScheme
            /// The scheme is Basic, what follows is not.
            case malformed
        }

        /// Reads a field's value, blanks around it already off.
        public static func read(_ value: Span<UInt8>) -> Reading {
            let scheme = [UInt8]("basic".utf8)
            guard value.count >= scheme.count else { return .otherScheme }
            for index in scheme.indices where value[index] | 0x20 != scheme[index] { return .otherScheme }
            guard value.count > scheme.count, value[scheme.count] == UInt8(ascii: " ") else {
                return value.count == scheme.count ? .malformed : .otherScheme
            }
            var start = scheme.count
            while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
            guard let text = Base64.decode(value.extracting(start..<value.count)),
                let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0
            else { return .malformed }
            return .credentials(
                BasicCredentials(userName: Array(text[..<colon]), password: Array(text[(colon + 1)...])))
        }
    }
}

/// Spec: RFC 4648 §4.
enum Base64 {
    /// The bytes that `text` stands for; nil unless it is in the one form that they have.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var padding = 0
        while padding < min(2, text.count), text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        for index in 0..<text.count {
            let isPadding = index >= text.count - padding
            guard let value = isPadding ? 0 : value(of: text[index]) else { return nil }
            bits = bits << 6 | value
            guard index % 4 == 3 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
        }
        for _ in 0..<padding {
            // Bits that stand for nothing are zero, or two texts would mean the same.
            guard bytes.removeLast() == 0 else { return nil }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
