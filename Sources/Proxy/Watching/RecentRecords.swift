import AccessLog

/// The last requests that have ended, with their records: bounded in number and in bytes.
struct RecentRecords {
    struct Entry {
        let seen: SeenRequest
        /// The record as JSON: as in the log without `seq`, and with nothing that could be taken for markup.
        let line: [UInt8]
        /// Counts all that came, from 1.
        let number: UInt64
    }

    /// The oldest first; nil where one has been let go.
    private var entries: [Entry?] = []
    /// Where the oldest stands.
    private var first = 0
    private(set) var bytes = 0
    private(set) var came: UInt64 = 0

    static let most = 2000
    static let mostBytes = 8 << 20
    private static let begin = Array(#"{"v":1,"type":"request""#.utf8)

    var count: Int { entries.count - first }

    mutating func add(_ seen: SeenRequest, _ line: ArraySlice<UInt8>) {
        came += 1
        let entry = Entry(seen: seen, line: Self.begin + JSONBytes.harmless(line.dropLast()), number: came)
        entries.append(entry)
        bytes += entry.line.count
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
        bytes -= entries[first]?.line.count ?? 0
        entries[first] = nil
        first += 1
        // The room is taken back a thousand at a time.
        guard first == Self.most / 2 else { return }
        entries.removeFirst(first)
        first = 0
    }
}
