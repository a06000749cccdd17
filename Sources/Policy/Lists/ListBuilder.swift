import Addressing

/// Turns the lines of one list file into its tables, and counts what each line was.
struct ListBuilder: ~Copyable {
    let format: ListFormat
    let match: DomainTable.Kind
    private let noteLimit: Int
    private var scanner = NameScanner()
    private var domains: DomainTable.Builder
    private var ranges: [AddressRange] = []
    private var report: ListReport

    init(path: String, format: ListFormat, match: DomainTable.Kind, expected: Int, noteLimit: Int) {
        self.format = format
        self.match = match
        self.noteLimit = noteLimit
        domains = DomainTable.Builder(expected: expected)
        report = ListReport(path: path, format: format)
    }

    /// Takes in one line, without its end.
    mutating func read(_ text: Span<UInt8>, line: UInt32) {
        report.lines += 1
        guard line <= DomainTable.maxLine else { return note(.malformed("too many lines for one list"), line) }
        let content = text.extracting(text.trimmed)
        let outcome =
            switch format {
            case .domains: readDomains(content, line)
            case .hosts: readHosts(content, line)
            }
        note(outcome, line)
    }

    consuming func build() -> ListSource {
        let table = domains.build()
        let ranges = RangeTable(ranges)
        var report = report
        report.entries = table.count + ranges.count
        report.bytesHeld = table.bytesHeld + ranges.bytesHeld
        return ListSource(domains: table, addresses: ranges, report: report)
    }

    /// Adds a name in whatever spelling `HostName` takes, or an address or a network.
    mutating func add(host: Span<UInt8>, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        do throws(HostError) {
            try scanner.scan(host)
        } catch {
            let text = host.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            if let prefix = IPPrefix(text) { return add(prefix, line) }
            return .malformed(error.description)
        }
        let isNew = domains.insert(scanner.hash(), kind: kind, line: line, labels: scanner.labelCount)
        if !isNew { report.duplicates += 1 }
        return .entry
    }

    // MARK: - Private

    private mutating func add(_ prefix: IPPrefix, _ line: UInt32) -> ListLine {
        guard prefix.mappedLength < 128 || !prefix.network.isUnspecified else {
            return .notApplicable("the unspecified address is no destination")
        }
        ranges.append(AddressRange(prefix, line: line))
        return .entry
    }

    private mutating func note(_ outcome: ListLine, _ line: UInt32) {
        switch outcome {
        case .blank: report.blankLines += 1
        case .entry: report.entryLines += 1
        case .notApplicable(let why):
            report.notApplicableLines += 1
            remember(line, "not applicable: \(why)")
        case .malformed(let why):
            report.malformedLines += 1
            remember(line, "no entry: \(why)")
        }
    }

    private mutating func remember(_ line: UInt32, _ message: String) {
        guard report.notes.count < noteLimit else { return }
        report.notes.append(Diagnostic(file: report.path, line: Int(line), message: message))
    }
}
