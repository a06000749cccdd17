extension ListBuilder {
    /// A name, perhaps with `.` or `*.` in front (then with its sub-domains, whatever the list says) or `=` (then
    /// without), a pattern with stars, an address, or a network; then perhaps a comment.
    mutating func readDomains(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let entry = text.extracting(text.trimmed(before: UInt8(ascii: "#")))
        var index = 0
        guard let word = entry.word(at: &index), index == entry.count else {
            return .malformed("more than one word; one name a line is allowed")
        }
        return addWord(entry.extracting(word), match, line)
    }

    /// Names separated by blanks: `.name` with its sub-domains, `name` without.
    mutating func readDstdomain(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let entry = text.extracting(text.content(before: UInt8(ascii: "#")))
        var outcome = LineOutcome()
        var index = 0
        while let word = entry.word(at: &index) {
            let name = entry.extracting(word)
            outcome.add(name.starts(with: "-") ? .notApplicable("an option") : addWord(name, match, line))
        }
        return outcome.line
    }

    /// `name/path`, perhaps with a scheme in front: the host, as nothing else of it is seen by a proxy.
    mutating func readURLs(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        var start = 0
        for index in text.indices where text.extracting(index..<text.count).starts(with: "://") { start = index + 3 }
        let rest = text.extracting(start..<text.count)
        var end = 0
        while end < rest.count, !Self.endsHost(rest[end]) { end += 1 }
        return addWord(rest.extracting(0..<end), match, line)
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

    // MARK: - Private

    private mutating func addWord(_ name: Span<UInt8>, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        if name.starts(with: "*."), !Self.hasStar(name, from: 2) {
            return add(host: name.extracting(2..<name.count), .suffix, line)
        }
        if name.starts(with: ".") { return add(host: name.extracting(1..<name.count), .suffix, line) }
        if name.starts(with: "=") { return add(host: name.extracting(1..<name.count), .exact, line) }
        if Self.hasStar(name, from: 0) { return add(pattern: name, beginsAtAnyLabel: false, [], line) }
        return add(host: name, kind, line)
    }

    static func hasStar(_ name: Span<UInt8>, from start: Int) -> Bool {
        for index in start..<max(start, name.count) where name[index] == UInt8(ascii: "*") { return true }
        return false
    }

    private static func endsHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: " ")
    }
}
