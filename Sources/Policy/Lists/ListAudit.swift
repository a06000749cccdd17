/// What is superfluous or odd about a list's entries. Found only when asked for, as it needs memory for every entry.
public struct ListAudit: Sendable {
    /// Entries that an earlier line says as well.
    public internal(set) var duplicates = 0
    /// Entries that another one covers: `www.ads.example` beside `ads.example` with its sub-domains.
    public internal(set) var redundant = 0
    /// Entries that cover what is below a name, but not the name itself, which no other entry covers.
    public internal(set) var withoutApex = 0
    /// One for each of the above, by line, up to the limit set at loading.
    public internal(set) var notes: [Diagnostic] = []
}

/// The entries of a list with all their names, until they can be compared with the finished table.
struct AuditLog {
    private struct Entry {
        let line: UInt32
        let kind: DomainTable.Kind
        /// Place of the hash of its last label; the hashes of its suffixes follow, the one of the whole last.
        let first: Int
        let labels: Int
    }

    private var entries: [Entry] = []
    private var hashes: [UInt64] = []

    mutating func add(_ suffixes: Span<UInt64>, kind: DomainTable.Kind, line: UInt32) {
        entries.append(Entry(line: line, kind: kind, first: hashes.count, labels: suffixes.count))
        for index in suffixes.indices { hashes.append(suffixes[index]) }
    }

    func audit(_ table: borrowing DomainTable, path: String, noteLimit: Int) -> ListAudit {
        var audit = ListAudit()
        for entry in entries where !entry.kind.contains(.exception) {
            let name = hashes.span.extracting(entry.first..<entry.first + entry.labels)
            let message: String
            if let earlier = table.line(of: name[entry.labels - 1], saying: entry.kind), earlier != entry.line {
                audit.duplicates += 1
                message = "says the same as line \(earlier)"
            } else if let wider = table.line(above: name, kind: entry.kind) {
                audit.redundant += 1
                message = "is covered by line \(wider)"
            } else if !entry.kind.contains(.exact), table.line(of: name[entry.labels - 1], saying: .exact) == nil {
                audit.withoutApex += 1
                message = "covers what is below the name, not the name itself"
            } else {
                continue
            }
            guard audit.notes.count < noteLimit else { continue }
            audit.notes.append(Diagnostic(file: path, line: Int(entry.line), message: message))
        }
        return audit
    }
}

extension DomainTable {
    /// The first line that says of a name what `kind` says, or more.
    fileprivate func line(of hash: UInt64, saying kind: Kind) -> UInt32? {
        var lowest: UInt32?
        forEach(hash) { hit in
            if hit.kind.isSuperset(of: kind), !hit.kind.contains(.exception) {
                lowest = min(lowest ?? hit.line, hit.line)
            }
        }
        return lowest
    }

    /// The line of an entry for a shorter name that covers all of a name, as strongly.
    fileprivate func line(above name: Span<UInt64>, kind: Kind) -> UInt32? {
        for labels in stride(from: name.count - 1, through: 1, by: -1) {
            var found: UInt32?
            forEach(name[labels - 1]) { hit in
                guard hit.kind.contains(.below), !hit.kind.contains(.exception) else { return }
                guard hit.kind.contains(.important) || !kind.contains(.important) else { return }
                found = hit.line
            }
            if let found { return found }
        }
        return nil
    }
}
