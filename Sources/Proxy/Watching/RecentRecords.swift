import AccessLog

/// The last requests that have ended, with their records: bounded in number and in bytes.
struct RecentRecords {
    struct Entry {
        let seen: SeenRequest
        /// The lines of all that came with it; they stay as long as one of them is kept.
        fileprivate let lines: [UInt8]
        /// Counts all that came, from 1.
        let number: UInt64

        /// The record as JSON: as in the log without `seq`, and with nothing that could be taken for markup.
        var line: [UInt8] { RecentRecords.begin + JSONBytes.harmless(lines[seen.line].dropLast()) }
    }

    /// The oldest first; nil where one has been let go.
    private var entries: [Entry?] = []
    /// Where the oldest stands.
    private var first = 0
    private(set) var bytes = 0
    private(set) var came: UInt64 = 0

    static let most = 2000
    static let mostBytes = 8 << 20
    fileprivate static let begin = Array(#"{"v":1,"type":"request""#.utf8)

    var count: Int { entries.count - first }

    /// - Parameter lines: those of its batch, in which its own stands where it says.
    mutating func add(_ seen: SeenRequest, of lines: [UInt8]) {
        came += 1
        entries.append(Entry(seen: seen, lines: lines, number: came))
        bytes += seen.line.count
        while count > Self.most || bytes > Self.mostBytes && count > 1 { removeFirst() }
    }

    func entry(_ connection: ConnectionID, _ ordinal: UInt32?) -> Entry? {
        newest(1) { $0.seen.connection == connection && (ordinal ?? $0.seen.ordinal) == $0.seen.ordinal }.first
    }

    /// The newest first.
    func newest(_ most: Int, where isWanted: (Entry) -> Bool) -> [Entry] {
        var found: [Entry] = []
        for case let entry? in entries[first...].reversed() {
            if found.count == most { break }
            if isWanted(entry) { found.append(entry) }
        }
        return found
    }

    // MARK: - Private

    private mutating func removeFirst() {
        bytes -= entries[first]?.seen.line.count ?? 0
        entries[first] = nil
        first += 1
        // The room is taken back a thousand at a time.
        guard first == Self.most / 2 else { return }
        entries.removeFirst(first)
        first = 0
    }
}
