import Addressing

/// The forms in which block lists are written.
enum ListFormat: String, CaseIterable, Sendable {
    /// One name a line.
    case domains
    /// `0.0.0.0 name…`, as `/etc/hosts` has it.
    case hosts
    /// `||name^`, `@@||name^`: AdBlock Plus, uBlock, AdGuard.
    case adblock
    /// `*.name`: dnscrypt-proxy, YogaDNS.
    case wildcard
    /// `address=/name/#`, `server=/name/`.
    case dnsmasq
    /// `local-zone: "name." always_null`.
    case unbound
    /// A zone file of a response policy: `name CNAME .`.
    case rpz
    /// `.name` with sub-domains, `name` without: Squid.
    case dstdomain
    /// `name/path`: squidGuard. Judged by the host alone.
    case urls

    /// What a name covers where neither the line nor the policy says.
    var ownMatch: DomainTable.Kind {
        switch self {
        case .domains, .wildcard, .adblock, .dnsmasq, .unbound: .suffix
        case .hosts, .rpz, .dstdomain, .urls: .exact
        }
    }

    /// Whether the form itself leaves open what a name covers, so that `match` may say it.
    var takesMatch: Bool {
        switch self {
        case .domains, .hosts, .wildcard, .urls: true
        case .adblock, .dnsmasq, .unbound, .rpz, .dstdomain: false
        }
    }

    /// The form that most of the first lines have.
    static func found(in reader: borrowing LineReader) throws(FileError) -> ListFormat {
        var votes: [ListFormat: Int] = [:]
        var unused = Fingerprint()
        try reader.forEachLine(limit: 5000, fingerprint: &unused) { text, _ in
            if let format = suggested(by: text.extracting(text.trimmed)) { votes[format, default: 0] += 1 }
        }
        // A dot in front tells names with sub-domains from names without, so plain names are without in such a file. A star
        // says the same as the dot, and Squid knows none.
        if let dotted = votes[.dstdomain], let plain = votes[.domains], votes[.wildcard] == nil {
            votes[.dstdomain] = dotted + plain + 1
        }
        let most = votes.values.max() ?? 0
        return allCases.first { votes[$0, default: 0] == most } ?? .domains
    }

    // MARK: - Private

    /// The form that a line shows by its looks; nil when it shows none.
    private static func suggested(by text: Span<UInt8>) -> ListFormat? {
        if text.starts(with: "||") || text.starts(with: "@@") || text.starts(with: "[Adblock") { return .adblock }
        if text.starts(with: "$TTL") || text.starts(with: "$ORIGIN") { return .rpz }
        if ListBuilder.isComment(text) { return nil }
        if text.starts(with: "*") { return hasRecord(text) ? .rpz : .wildcard }
        if text.starts(with: ".") { return .dstdomain }
        for setting in DnsmasqSetting.allCases where text.starts(with: setting.prefix) { return .dnsmasq }
        if text.starts(with: "local-zone:") || text.starts(with: "local-data:") { return .unbound }
        if hasRecord(text) { return .rpz }
        let text = text.extracting(text.content(before: UInt8(ascii: "#")))
        var index = 0
        guard let first = text.word(at: &index), text.word(at: &index) != nil else {
            return text.firstIndex(of: UInt8(ascii: "/")) == nil || IPPrefix(parsing: text) != nil ? .domains : .urls
        }
        return IPAddress(parsing: text.extracting(first)) == nil ? nil : .hosts
    }

    /// Whether a word of the line is a type that records of response policies have.
    private static func hasRecord(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while let word = text.word(at: &index) {
            let word = text.extracting(word)
            if word.equals("CNAME") || word.equals("SOA") { return true }
        }
        return false
    }
}
