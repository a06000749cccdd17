import Addressing

/// Names that mean the same everywhere and are no name server's business.
///
/// Spec: RFC 6761 §6.3 (localhost) and §6.4 (invalid), RFC 7686 §2 (onion), RFC 9476 §2 (alt).
enum SpecialName {
    /// What `name` means by convention; nil when it isn't special.
    static func answer(for name: HostName) -> Resolution? {
        name.text.utf8.withContiguousStorageIfAvailable { answer(for: $0.span) }
            ?? Array(name.text.utf8).withUnsafeBufferPointer { answer(for: $0.span) }
    }

    private static func answer(for text: Span<UInt8>) -> Resolution? {
        // The last letters tell nearly all other names apart at once.
        switch text[text.count - 1] {
        case UInt8(ascii: "t") where ends(text, with: "localhost"):
            return Resolution(.addresses([.loopbackV6, .loopbackV4]), from: .hosts)
        case UInt8(ascii: "d") where ends(text, with: "invalid"), UInt8(ascii: "n") where ends(text, with: "onion"),
            UInt8(ascii: "t") where ends(text, with: "alt"):
            return Resolution(.notFound, from: .hosts)
        default: return nil
        }
    }

    /// Whether the last label is `label`.
    private static func ends(_ text: Span<UInt8>, with label: StaticString) -> Bool {
        let label = UnsafeBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount).span
        let rest = text.count - label.count
        guard rest >= 0, text.extracting(rest...).isSame(as: label) else { return false }
        return rest == 0 || text[rest - 1] == UInt8(ascii: ".")
    }
}
