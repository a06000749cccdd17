import Addressing

/// Texts that many requests have in common (user agents), each kept once: what a thousand tunnels of one browser
/// remember of it is one array.
struct RecentTexts {
    private var texts: [[UInt8]] = []
    private var next = 0

    private static let capacity = 16

    /// An array equal to `text`: the one given out before, if it is recent.
    mutating func shared(_ text: [UInt8]) -> [UInt8] {
        shared(text.span)
    }

    /// The same; a copy is made only of a text that is new.
    mutating func shared(_ bytes: Span<UInt8>) -> [UInt8] {
        if bytes.isEmpty { return [] }
        for known in texts where known.span.isSame(as: bytes) { return known }
        let text = bytes.withUnsafeBufferPointer { Array($0) }
        if texts.count < Self.capacity {
            texts.append(text)
        } else {
            texts[next] = text
            next = (next + 1) % Self.capacity
        }
        return text
    }
}
