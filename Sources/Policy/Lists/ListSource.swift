import Addressing

/// One list file, compiled.
struct ListSource: ~Copyable, Sendable {
    let domains: DomainTable
    let addresses: RangeTable
    let patterns: [ListPattern]
    let report: ListReport

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - format: nil to find it by looking.
    ///   - match: what a name covers in the forms that don't say so themselves; nil for the form's own way.
    static func load(
        path: String, format: ListFormat?, match: DomainTable.Kind?, options: LoadOptions
    ) throws(FileError) -> ListSource {
        let reader = try LineReader(path: path)
        let format = if let format { format } else { try ListFormat.found(in: reader) }
        var builder = ListBuilder(
            path: path, format: format, match: match.flatMap { format.takesMatch ? $0 : nil } ?? format.ownMatch,
            expected: try reader.countLines(), options: options)
        var fingerprint = Fingerprint()
        try reader.forEachLine(fingerprint: &fingerprint) { text, line in
            builder.read(text, line: line)
        }
        fingerprint.endFile()
        return builder.build(fingerprint: fingerprint.text)
    }

    /// The entry that speaks for a host's name; the caller looks whether it is an exception. Names beat patterns of their
    /// rank.
    ///
    /// - Parameter name: the hashes of the suffixes of the host's name.
    func find(_ host: Host, _ name: Span<UInt64>) -> DomainTable.Hit? {
        var best = domains.find(name)
        guard !patterns.isEmpty, case .name(let hostName) = host else { return best }
        let text = hostName.text.utf8.span
        for pattern in patterns {
            if let best, best.kind.rank >= pattern.kind.rank { continue }
            if pattern.glob.matches(text) {
                best = DomainTable.Hit(line: pattern.line, kind: pattern.kind, labels: name.count)
            }
        }
        return best
    }
}
