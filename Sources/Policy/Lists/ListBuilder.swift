import Addressing

/// Turns the lines of one list file into its tables, and counts what each line was.
struct ListBuilder: ~Copyable {
    let format: ListFormat
    let match: DomainTable.Kind
    private let options: LoadOptions
    private var log = AuditLog()
    private var scanner = NameScanner()
    private var domains: DomainTable.Builder
    private var ranges = RangeTable.Builder()
    private var patterns: [ListPattern] = []
    private var report: ListReport
    var zone = ZoneState()

    init(path: String, format: ListFormat, match: DomainTable.Kind, expected: Int, options: LoadOptions) {
        self.format = format
        self.match = match
        self.options = options
        domains = DomainTable.Builder(expected: expected, exceptionsReachDown: format == .adblock)
        report = ListReport(path: path, format: format)
    }

    /// Takes in one line, without its end.
    mutating func read(_ text: Span<UInt8>, line: UInt32) {
        report.lines += 1
        guard line <= DomainTable.maxLine else { return note(.malformed("too many lines for one list"), line) }
        let content = text.extracting(text.trimmed)
        let outcome =
            switch format {
            case .domains, .wildcard: readDomains(content, line)
            case .hosts: readHosts(content, line)
            case .adblock: readAdBlock(content, line)
            case .dnsmasq: readDnsmasq(content, line)
            case .unbound: readUnbound(content, line)
            case .rpz: readRPZ(text, line)
            case .dstdomain: readDstdomain(content, line)
            case .urls: readURLs(content, line)
            }
        note(outcome, line)
    }

    consuming func build(fingerprint: String) -> ListSource {
        let table = domains.build()
        let ranges = ranges.build()
        var report = report
        report.fingerprint = fingerprint
        report.entries = table.count + ranges.count + patterns.count
        report.bytesHeld = table.bytesHeld + ranges.bytesHeld + patterns.reduce(0) { $0 + $1.glob.pattern.count + 64 }
        if options.isAuditing {
            report.audit = log.audit(table, path: report.path, noteLimit: options.noteLimit)
        }
        return ListSource(domains: table, addresses: ranges, patterns: patterns, report: report)
    }

    /// Adds a name in whatever spelling `HostName` takes, or an address or a network.
    mutating func add(host: Span<UInt8>, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        if !scanner.scanPlain(host) {
            if let prefix = IPPrefix(parsing: host) { return add(prefix, kind, line) }
            do throws(HostError) {
                try scanner.scanOdd(host)
            } catch {
                return .malformed(error.description)
            }
        }
        let isNew = domains.insert(scanner.hash(), kind: kind, line: line, labels: scanner.labelCount)
        if !isNew { report.duplicates += 1 }
        if options.isAuditing { log.add(scanner.suffixHashes().span, kind: kind, line: line) }
        return .entry
    }

    mutating func add(_ prefix: IPPrefix, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        guard prefix.mappedLength < 128 || !prefix.network.isUnspecified else {
            return .notApplicable("the unspecified address is no destination")
        }
        guard !kind.contains(.exception) else {
            return .notApplicable("an exception for an address; write an allow rule with ip:")
        }
        ranges.add(AddressRange(prefix, line: line))
        return .entry
    }

    /// Adds a name with stars in it.
    mutating func add(
        pattern: Span<UInt8>, beginsAtAnyLabel: Bool, _ kind: DomainTable.Kind, _ line: UInt32
    ) -> ListLine {
        let glob = pattern.withUnsafeBufferPointer { Glob($0, beginsAtAnyLabel: beginsAtAnyLabel) }
        guard let glob else { return .malformed("the pattern holds a byte that no host name has") }
        guard glob.pattern.contains(where: { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: ".") }) else {
            return .malformed("the pattern is nothing but stars; write a rule or the default instead")
        }
        patterns.append(ListPattern(glob: glob, kind: kind, line: line))
        return .entry
    }

    // MARK: - Private

    private mutating func note(_ outcome: ListLine, _ line: UInt32) {
        switch outcome {
        case .blank: report.blankLines += 1
        case .entry: report.entryLines += 1
        case .notApplicable(let why):
            report.notApplicableLines += 1
            if report.notApplicable.count < options.noteLimit { report.notApplicable.append(diagnostic(line, why)) }
        case .malformed(let why):
            report.malformedLines += 1
            if report.malformed.count < options.noteLimit { report.malformed.append(diagnostic(line, why)) }
        }
    }

    private func diagnostic(_ line: UInt32, _ message: String) -> Diagnostic {
        Diagnostic(file: report.path, line: Int(line), message: message)
    }
}
