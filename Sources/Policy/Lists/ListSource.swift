import Addressing

/// One list file, compiled.
struct ListSource: ~Copyable, Sendable {
    let domains: DomainTable
    let addresses: RangeTable
    let report: ListReport

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - format: nil to find it by looking.
    ///   - match: what a name covers in the forms that don't say so themselves; nil for the form's own way.
    ///   - noteLimit: how many of the lines that make no entry are kept in the report.
    static func load(
        path: String, format: ListFormat?, match: DomainTable.Kind?, noteLimit: Int, fingerprint: inout Fingerprint
    ) throws(FileError) -> ListSource {
        let reader = try LineReader(path: path)
        let format = if let format { format } else { try ListFormat.found(in: reader) }
        var builder = ListBuilder(
            path: path, format: format, match: match ?? format.ownMatch, expected: try reader.countLines(),
            noteLimit: noteLimit)
        try reader.forEachLine(fingerprint: &fingerprint) { text, line in
            builder.read(text, line: line)
        }
        fingerprint.endFile()
        return builder.build()
    }
}
