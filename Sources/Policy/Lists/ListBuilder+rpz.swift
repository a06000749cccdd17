import Addressing

/// What earlier lines of a zone file mean for the next.
struct ZoneState {
    /// What `$ORIGIN` says, or the name in front of SOA; lower case, without dots at either end.
    var origin: [UInt8] = []
    /// Parentheses that are open: the record goes on in the next line.
    var depth = 0
}

extension ListBuilder {
    /// A line of a response policy zone: the name in front, perhaps TTL and class, the type, the data. `*.name` means the
    /// names below only, as the wildcard of DNS does.
    ///
    /// Spec: draft-vixie-dnsop-dns-rpz §3, §4.
    mutating func readRPZ(_ raw: Span<UInt8>, _ line: UInt32) -> ListLine {
        let text = raw.extracting(raw.trimmed(before: UInt8(ascii: ";")))
        let isInside = zone.depth > 0
        for index in text.indices {
            if text[index] == UInt8(ascii: "(") { zone.depth += 1 }
            if text[index] == UInt8(ascii: ")") { zone.depth = max(0, zone.depth - 1) }
        }
        if text.count == 0 || isInside { return .blank }
        var index = 0
        guard let owner = text.word(at: &index) else { return .blank }
        let first = text.extracting(owner)
        if first.starts(with: "$") {
            if first.equals("$ORIGIN"), let name = text.word(at: &index) {
                zone.origin = Self.bare(text.extracting(name))
            }
            return .blank
        }
        // Without a name in front it says more of the name above, whose first line has made the entry.
        if raw[0] == UInt8(ascii: " ") || raw[0] == UInt8(ascii: "\t") { return .blank }
        guard let type = Self.type(in: text, &index), let data = text.word(at: &index) else {
            return .malformed("no record; name CNAME . is allowed")
        }
        if type == .shape {
            if zone.origin.isEmpty, !first.equals("@") { zone.origin = Self.bare(first) }
            return .blank
        }
        guard let kind = Self.kind(type, text.extracting(data)) else {
            return .notApplicable("changes an answer, and blocks nothing")
        }
        return addOwner(Self.bare(first), kind, line)
    }

    // MARK: - Private

    private enum RecordType {
        /// CNAME.
        case alias
        /// A, AAAA, TXT and others: the name gets this instead of what it had.
        case data
        /// SOA, NS: the zone's own.
        case shape
    }

    private static func type(in text: Span<UInt8>, _ index: inout Int) -> RecordType? {
        while let range = text.word(at: &index) {
            let word = text.extracting(range)
            if word.equals("CNAME") { return .alias }
            if word.equals("SOA") || word.equals("NS") { return .shape }
            if word.equals("A") || word.equals("AAAA") || word.equals("TXT") || word.equals("MX") { return .data }
            let isTTL = word[0] >= UInt8(ascii: "0") && word[0] <= UInt8(ascii: "9")
            guard isTTL || word.equals("IN") else { return nil }
        }
        return nil
    }

    private static func kind(_ type: RecordType, _ data: Span<UInt8>) -> DomainTable.Kind? {
        guard type == .alias else { return .exact }
        if data.equals("rpz-passthru.") { return [.exact, .exception] }
        return data.equals("rpz-tcp-only.") ? nil : .exact
    }

    private mutating func addOwner(_ owner: [UInt8], _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        var name = owner[...]
        if !zone.origin.isEmpty, name.count > zone.origin.count,
            name.suffix(zone.origin.count + 1).elementsEqual([UInt8(ascii: ".")] + zone.origin)
        {
            name = name.dropLast(zone.origin.count + 1)
        }
        if let trigger = name.split(separator: UInt8(ascii: ".")).last, trigger.starts(with: "rpz-".utf8) {
            guard trigger.elementsEqual("rpz-ip".utf8) else { return .notApplicable("about name servers or clients") }
            guard let prefix = Self.prefix(name.dropLast(trigger.count + 1)) else { return .malformed("no network") }
            return add(prefix, kind, line)
        }
        guard name.starts(with: "*.".utf8) else { return add(host: Array(name).span, kind, line) }
        let below = Array(name.dropFirst(2))
        return add(host: below.span, kind.subtracting(.exact).union(.below), line)
    }

    /// `24.0.2.0.192` for 192.0.2.0/24, `48.zz.db8.2001` for 2001:db8::/48.
    private static func prefix(_ labels: ArraySlice<UInt8>) -> IPPrefix? {
        var parts = String(decoding: labels, as: UTF8.self).split(separator: ".").map(String.init)
        guard parts.count >= 2 else { return nil }
        let length = parts.removeFirst()
        parts.reverse()
        guard !parts.contains("zz"), parts.count == 4 else {
            let text = parts.map { $0 == "zz" ? "" : $0 }.joined(separator: ":")
            let ends = (parts.first == "zz" ? ":" : "", parts.last == "zz" ? ":" : "")
            return IPPrefix("\(ends.0)\(text)\(ends.1)/\(length)")
        }
        return IPPrefix("\(parts.joined(separator: "."))/\(length)")
    }

    /// Lower case, without a dot at the end.
    private static func bare(_ name: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in name.indices {
            let byte = name[index]
            bytes.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte)
        }
        while bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return bytes
    }
}
