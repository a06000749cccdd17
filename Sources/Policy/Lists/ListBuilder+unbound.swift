import Addressing

extension ListBuilder {
    /// `local-zone: "name." TYPE` blocks or lets through, with sub-domains; `local-data: "name. A 0.0.0.0"` blocks one.
    ///
    /// Spec: unbound.conf(5), "local-zone", "local-data".
    mutating func readUnbound(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let content = text.extracting(text.content(before: UInt8(ascii: "#")))
        var words = QuotedWords()
        guard let key = words.next(in: content) else { return .blank }
        if content.extracting(key).equals("server:") { return .blank }
        let isZone = content.extracting(key).equals("local-zone:")
        guard isZone || content.extracting(key).equals("local-data:") else {
            return .notApplicable("a setting of unbound that blocks nothing")
        }
        guard let value = words.next(in: content) else { return .malformed("no name behind the colon") }
        let name = content.extracting(value)
        if !isZone { return readLocalData(name, line) }
        guard let type = words.next(in: content) else { return .malformed("the zone has no type") }
        guard let kind = Self.kind(ofZone: content.extracting(type)) else {
            return .notApplicable("a type of zone that neither blocks nor lets through")
        }
        return add(host: name, kind, line)
    }

    // MARK: - Private

    private static func kind(ofZone type: Span<UInt8>) -> DomainTable.Kind? {
        let blocking: InlineArray<10, StaticString> = [
            "always_null", "always_nxdomain", "always_refuse", "always_deny", "always_nodata", "refuse", "deny",
            "static",
            "redirect", "inform_deny",
        ]
        for index in blocking.indices where type.equals(blocking[index]) { return .suffix }
        let open: InlineArray<5, StaticString> = [
            "transparent", "always_transparent", "typetransparent", "inform", "nodefault",
        ]
        for index in open.indices where type.equals(open[index]) { return [.suffix, .exception] }
        return nil
    }

    /// `name [TTL] [IN] A 0.0.0.0`
    private mutating func readLocalData(_ record: Span<UInt8>, _ line: UInt32) -> ListLine {
        var index = 0
        guard let name = record.word(at: &index) else { return .malformed("no name in the record") }
        var last = name
        while let word = record.word(at: &index) { last = word }
        guard IPAddress(parsing: record.extracting(last))?.isSink == true else {
            return .notApplicable("gives a name its data; blocking ones say 0.0.0.0")
        }
        return add(host: record.extracting(name), .exact, line)
    }
}

/// Words between blanks, or between quotes.
private struct QuotedWords {
    private var index = 0

    mutating func next(in text: Span<UInt8>) -> Range<Int>? {
        guard let word = text.word(at: &index) else { return nil }
        guard text[word.lowerBound] == UInt8(ascii: "\"") else { return word }
        let start = word.lowerBound + 1
        index = start
        while index < text.count, text[index] != UInt8(ascii: "\"") { index += 1 }
        let end = index
        if index < text.count { index += 1 }
        return start..<end
    }
}
