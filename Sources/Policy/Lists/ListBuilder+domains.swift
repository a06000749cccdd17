import Addressing

extension ListBuilder {
    /// A name, perhaps with `.` or `*.` in front (then with its sub-domains, whatever the list says), or an address, a
    /// network; then perhaps a comment.
    mutating func readDomains(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let entry = text.extracting(text.trimmed(before: UInt8(ascii: "#")))
        var index = 0
        guard let word = entry.word(at: &index), index == entry.count else {
            return .malformed("more than one word; one name a line is allowed")
        }
        let name = entry.extracting(word)
        if name.starts(with: "*.") { return add(host: name.extracting(2..<name.count), .suffix, line) }
        if name.starts(with: ".") { return add(host: name.extracting(1..<name.count), .suffix, line) }
        return add(host: name, match, line)
    }

    /// Whether a line of a plain list says nothing: it is empty or begins as comments do in the lists about.
    static func isComment(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        switch text[0] {
        case UInt8(ascii: "#"), UInt8(ascii: "!"), UInt8(ascii: ";"): return true
        case UInt8(ascii: "/"): return text.starts(with: "//")
        default: return false
        }
    }
}
