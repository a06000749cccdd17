import Addressing

// AdBlock rules are about requests that a browser makes for a page; those that name a host and nothing else can be
// applied by a proxy. Spec: adguard-dns.io/kb/general/dns-filtering-syntax.

extension ListBuilder {
    mutating func readAdBlock(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if text.count == 0 || text[0] == UInt8(ascii: "!") || text[0] == UInt8(ascii: "[") { return .blank }
        if Self.isAboutElements(text) { return .notApplicable("about elements of a page") }
        let uncommented = text.extracting(text.content(before: UInt8(ascii: "#")))
        let rule = uncommented.extracting(uncommented.content(before: UInt8(ascii: "!")))
        if rule.count == 0 { return .blank }
        if Self.hasBlank(rule) { return readHosts(rule, line) }
        var kind: DomainTable.Kind = []
        var start = 0
        if rule.starts(with: "@@") {
            kind.insert(.exception)
            start = 2
        }
        if start < rule.count, rule[start] == UInt8(ascii: "/") {
            return .notApplicable("a regular expression or a path; write a rule with regex:")
        }
        var end = rule.count
        if let dollar = Self.lastIndex(of: UInt8(ascii: "$"), in: rule) {
            if let option = Self.otherOption(rule.extracting(dollar + 1..<rule.count), &kind) {
                return .notApplicable("the option \(option), which a proxy can't see")
            }
            end = dollar
        }
        return readPattern(rule.extracting(start..<max(start, end)), kind, line)
    }

    // MARK: - Private

    /// `||name^`, `|name^`, `name`.
    private mutating func readPattern(_ pattern: Span<UInt8>, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        let isAnchored = pattern.starts(with: "|")
        let beginsAtAnyLabel = pattern.starts(with: "||")
        let start = beginsAtAnyLabel ? 2 : isAnchored ? 1 : 0
        var end = pattern.count
        while end > start, Self.endsPattern(pattern[end - 1]) { end -= 1 }
        let endsOpenly = end == pattern.count || pattern[end] == UInt8(ascii: "*")
        let host = pattern.extracting(start..<end)
        for index in host.indices {
            switch host[index] {
            case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: "^"):
                return .notApplicable("about a part of a URL behind or before its host")
            default: continue
            }
        }
        if beginsAtAnyLabel, host.starts(with: "*."), !Self.hasStar(host, from: 2) {
            return add(host: host.extracting(2..<host.count), kind.union(.below), line)
        }
        if Self.hasStar(host, from: 0) {
            guard isAnchored else { return .notApplicable("about a part of a URL") }
            return add(pattern: host, beginsAtAnyLabel: beginsAtAnyLabel, kind, line)
        }
        // Without an anchor a whole name is a host; anything less is a part of a URL.
        guard isAnchored || endsOpenly && Self.looksWhole(host) else {
            return .notApplicable("about a part of a URL")
        }
        return add(host: host, kind.union(beginsAtAnyLabel ? .suffix : .exact), line)
    }

    /// Whether a host without anchors is meant as a whole: it has a dot, and begins and ends as names do.
    private static func looksWhole(_ host: Span<UInt8>) -> Bool {
        guard let first = host.count > 0 ? host[0] : nil, host.firstIndex(of: UInt8(ascii: ".")) != nil else {
            return false
        }
        return isAlphanumeric(first) && isAlphanumeric(host[host.count - 1])
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: byte >= 0x80
        }
    }

    private static func endsPattern(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "^") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "*")
    }

    /// Notes the options that a proxy can follow; the first other one is returned.
    private static func otherOption(_ options: Span<UInt8>, _ kind: inout DomainTable.Kind) -> String? {
        var start = 0
        for index in 0...options.count where index == options.count || options[index] == UInt8(ascii: ",") {
            let option = options.extracting(start..<index)
            start = index + 1
            if option.equals("important") {
                kind.insert(.important)
            } else if !option.equals("all") {
                return "$" + option.text
            }
        }
        return nil
    }

    /// `##`, `#@#`, `#?#`, `#$#`, `#%#`, `$$`, `$@$`.
    private static func isAboutElements(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let rest = text.extracting(index..<text.count)
            switch text[index] {
            case UInt8(ascii: "#"):
                // Behind a blank it begins a comment, however it goes on.
                if index > 0, text[index - 1] == UInt8(ascii: " ") { return false }
                if rest.starts(with: "##") && index > 0 || rest.starts(with: "#@#") || rest.starts(with: "#?#")
                    || rest.starts(with: "#$#") || rest.starts(with: "#%#") || Self.isGenericSelector(rest, at: index)
                {
                    return true
                }
            case UInt8(ascii: "$"):
                if rest.starts(with: "$$") || rest.starts(with: "$@$") { return true }
            default: continue
            }
        }
        return false
    }

    /// `##.banner`, for all pages; `## Title` and `#####` are comments.
    private static func isGenericSelector(_ rest: Span<UInt8>, at index: Int) -> Bool {
        guard index == 0, rest.starts(with: "##"), rest.count > 2 else { return false }
        return rest[2] != UInt8(ascii: "#") && rest[2] != UInt8(ascii: " ")
    }

    private static func hasBlank(_ text: Span<UInt8>) -> Bool {
        text.firstIndex(of: UInt8(ascii: " ")) != nil || text.firstIndex(of: UInt8(ascii: "\t")) != nil
    }

    private static func lastIndex(of byte: UInt8, in text: Span<UInt8>) -> Int? {
        for index in text.indices.reversed() where text[index] == byte { return index }
        return nil
    }
}
