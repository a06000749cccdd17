import Addressing

/// The forms in which block lists are written.
enum ListFormat: String, CaseIterable, Sendable {
    /// One name a line, with its sub-domains unless the list says otherwise.
    case domains
    /// `0.0.0.0 name…`, the form of `/etc/hosts`: exactly the names.
    case hosts

    /// What a name covers where the list doesn't say.
    var ownMatch: DomainTable.Kind {
        switch self {
        case .domains: .suffix
        case .hosts: .exact
        }
    }

    /// The form that most of the first lines have.
    static func found(in reader: borrowing LineReader) throws(FileError) -> ListFormat {
        var votes: [ListFormat: Int] = [:]
        var unused = Fingerprint()
        try reader.forEachLine(limit: 1000, fingerprint: &unused) { text, _ in
            if let format = found(in: text.extracting(text.trimmed)) { votes[format, default: 0] += 1 }
        }
        return votes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .domains
    }

    // MARK: - Private

    private static func found(in text: Span<UInt8>) -> ListFormat? {
        if ListBuilder.isComment(text) { return nil }
        var index = 0
        guard let first = text.word(at: &index), text.word(at: &index) != nil else { return .domains }
        return IPAddress(parsing: text.extracting(first)) == nil ? .domains : .hosts
    }
}
