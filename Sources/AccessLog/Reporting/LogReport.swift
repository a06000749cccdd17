/// What the requests of a log add up to, by one of their properties and by the hour.
public struct LogReport: Sendable {
    /// What makes requests one group. The raw value is what `--by` takes.
    public enum Grouping: String, Sendable, CaseIterable {
        case user
        case host
        /// The domain under which the host was registered, as far as its name alone tells: its last two labels, or three
        /// where these are a country and one of the common second levels (`co.uk`).
        case domain
        case client
        case rule
        /// When requests began, in UTC.
        case hour
        case outcome
    }

    public struct Row: Sendable {
        /// As it stands in the log: escaped, so that it can be shown on a terminal.
        public let key: String
        public let counts: ReportCounts
    }

    public let grouping: Grouping
    public let filter: LogFilter
    public private(set) var totals = ReportCounts()
    /// Lines that are none of the log's.
    public private(set) var unreadableLines = 0
    private var groups: GroupTable
    private var hours = GroupTable(maxGroups: 24 * 366 * 10)
    private var outcomes = GroupTable(maxGroups: 100)

    /// - Parameter maxGroups: how many groups are told apart at a time, some 150 bytes each.
    public init(by grouping: Grouping, filter: LogFilter = LogFilter(), maxGroups: Int = 200_000) {
        self.grouping = grouping
        self.filter = filter
        groups = GroupTable(maxGroups: maxGroups)
    }

    /// Takes a file of the log.
    ///
    /// - Parameter progress: called now and then with the bytes that were read since.
    public mutating func read(_ path: String, progress: (Int) -> Void = { _ in }) throws(LogReadError) {
        var reader = try LogReader(path: path)
        var told = 0
        while let line = try reader.next() {
            if let line = LogLine(line.bytes) { add(line) } else { unreadableLines += 1 }
            if reader.bytesRead - told >= 8 << 20 {
                progress(reader.bytesRead - told)
                told = reader.bytesRead
            }
        }
        progress(reader.bytesRead - told)
    }

    /// Takes a line; all but final records are left out.
    public mutating func add(_ line: LogLine) {
        guard line.has(.type, "request"), filter.passes(line) else { return }
        let counts = ReportCounts(line)
        totals.add(counts)
        if let start = line.raw(.start), start.count >= 13 {
            hours.add(counts, to: UnsafeRawBufferPointer(rebasing: start[..<13]))
        }
        Self.withKey(line.raw(.outcome)) { outcomes.add(counts, to: $0) }
        Self.withKey(key(of: line)) { groups.add(counts, to: $0) }
    }

    /// The groups with the most requests, at most `limit` of them.
    public func top(_ limit: Int) -> [Row] {
        Self.rows(groups.top(limit) { $0.requests })
    }

    /// Every hour in which there were requests, in order.
    public var byHour: [Row] {
        Self.rows(hours.top(.max) { $0.requests }).sorted { $0.key < $1.key }
    }

    public var byOutcome: [Row] {
        Self.rows(outcomes.top(.max) { $0.requests })
    }

    /// How many groups there are.
    public var groupCount: Int { groups.count }

    /// What was counted but belongs to no group any more, as there were too many.
    public var others: ReportCounts { groups.others }

    /// By how many requests a row can be too low; 0 unless there were too many groups.
    public var maxError: UInt64 { groups.maxError }

    // MARK: - Private

    private func key(of line: LogLine) -> UnsafeRawBufferPointer? {
        switch grouping {
        case .user: line.raw(.user)
        case .host: line.raw(.host)
        case .domain: line.raw(.host).map { RegisteredDomain.of($0) }
        case .client: line.raw(.client)
        case .rule: line.raw(.rule)
        case .hour: line.raw(.start).map { UnsafeRawBufferPointer(rebasing: $0.prefix(13)) }
        case .outcome: line.raw(.outcome)
        }
    }

    /// Records without the key are a group as well, under `-`.
    private static func withKey(_ key: UnsafeRawBufferPointer?, _ body: (UnsafeRawBufferPointer) -> Void) {
        if let key { return body(key) }
        withUnsafeBytes(of: UInt8(ascii: "-")) { body($0) }
    }

    private static func rows(_ groups: [(key: [UInt8], counts: ReportCounts)]) -> [Row] {
        groups.map { Row(key: String(decoding: $0.key, as: UTF8.self), counts: $0.counts) }
    }
}

/// The domain a host belongs to, from its name alone.
enum RegisteredDomain {
    private static let secondLevels: Set<String> = ["ac", "co", "com", "edu", "gob", "gov", "gv", "net", "or", "org"]

    /// - Parameter host: in its normal form. An address is its own domain.
    static func of(_ host: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let last = host.last, last > UInt8(ascii: "9"), !host.contains(UInt8(ascii: ":")) else { return host }
        var dots: [Int] = []
        for index in host.indices.reversed() where host[index] == UInt8(ascii: ".") {
            dots.append(index)
            if dots.count == 3 { break }
        }
        guard dots.count >= 2 else { return host }
        let isCountry = host.count - dots[0] == 3
        let second = String(decoding: host[(dots[1] + 1)..<dots[0]], as: UTF8.self)
        guard isCountry, secondLevels.contains(second) else {
            return UnsafeRawBufferPointer(rebasing: host[(dots[1] + 1)...])
        }
        return dots.count == 3 ? UnsafeRawBufferPointer(rebasing: host[(dots[2] + 1)...]) : host
    }
}
