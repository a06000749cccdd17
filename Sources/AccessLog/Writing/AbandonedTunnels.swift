/// Tunnels that were open when an earlier run of the program was cut off: they have an opening record and no end.
///
/// The files are read twice, so that of each open tunnel no more than two numbers need be remembered.
struct AbandonedTunnels {
    /// Oldest first: those that can hold records of the run that was cut off.
    private let paths: [String]
    /// Lines from this number on are the present run's.
    private let end: UInt64

    /// - Parameters:
    ///   - path: the log; older files are looked for beside it, as far back as tunnels can have been left open.
    ///   - end: the first number of the present run.
    init(path: String, before end: UInt64) {
        self.end = end
        var paths = [path]
        var search = StartSearch(before: end)
        while !search.reachesStart(paths[0]) {
            let older = ["\(path).\(paths.count)", "\(path).\(paths.count).gz"].first { FileStatus(path: $0) != nil }
            guard let older else { break }
            paths.insert(older, at: 0)
        }
        self.paths = paths
    }

    /// Calls `body` with the final record of each such tunnel, as what follows `seq` in its line.
    func recover(_ body: ([UInt8]) -> Void) {
        var open: [UInt64: UInt32] = [:]
        forEachRecord { line, id in
            if line.has(.type, "request") {
                open[id] = nil
            } else {
                open[id, default: 0] += 1
            }
        }
        guard !open.isEmpty else { return }
        forEachRecord { line, id in
            guard let left = open[id], !line.has(.type, "request") else { return }
            open[id] = left - 1
            // The newest of its records has the newest totals.
            if left == 1 { body(Self.finalRecord(line)) }
        }
    }

    // MARK: - Private

    fileprivate static func forEachLine(of path: String, _ body: (LogLine) -> Void) {
        // What can't be read can't be recovered either; verifying tells of it.
        guard var reader = try? LogReader(path: path) else { return }
        while let line = try? reader.next() {
            if let line = LogLine(line.bytes) { body(line) }
        }
    }

    private func forEachRecord(_ body: (LogLine, UInt64) -> Void) {
        for path in paths {
            Self.forEachLine(of: path) { line in
                guard line.has(.type, "request") || line.has(.type, "open") || line.has(.type, "update"),
                    let id = line.raw(.id), let sequence = line.number(.seq), sequence < end
                else { return }
                // Two sums of different stretches: ids of one log that are not the same differ in one of them.
                let rest = UnsafeRawBufferPointer(rebasing: id.dropFirst())
                body(line, UInt64(LineSum.of(id)) << 32 | UInt64(LineSum.of(rest)))
            }
        }
    }

    /// The opening or running record as a final one that says what became of the tunnel.
    private static func finalRecord(_ line: LogLine) -> [UInt8] {
        let ending = ",\"outcome\":\"proxy_internal_error\",\"ended_by\":\"proxy\",\"stage\":\"relay\",\"crashed\":true"
        var record: [UInt8] = []
        var isEnded = false
        var members = LineMembers(line.bytes)
        while let member = members.next() {
            switch String(decoding: member.key, as: UTF8.self) {
            case "v", "type", "seq", "outcome", "ended_by", "stage", "errno", "torn": continue
            case "ms":
                record += ending.utf8
                isEnded = true
            default: break
            }
            record += ",\"".utf8
            record += member.key
            record += member.kind == .text ? "\":\"".utf8 : "\":".utf8
            record += member.value
            if member.kind == .text { record.append(UInt8(ascii: "\"")) }
        }
        if !isEnded { record += ending.utf8 }
        return record + Array("}\n".utf8)
    }
}

/// Looks, file by file into the past, for a start before which no tunnel was left open: that of a run whose forerunner came
/// to its end, or that of a run which told that it had recovered what its forerunner left.
private struct StartSearch {
    let end: UInt64
    /// Whether a later recovery is known, so that the next start further back will do.
    private var isRecovered = false

    init(before end: UInt64) {
        self.end = end
    }

    mutating func reachesStart(_ path: String) -> Bool {
        var isClean = false
        var hasStart = false
        var recoversHere = isRecovered
        AbandonedTunnels.forEachLine(of: path) { line in
            guard line.has(.type, "event"), let sequence = line.number(.seq), sequence < end else { return }
            if line.has(.event, "start") {
                hasStart = true
                if line.raw(.crashed) == nil { isClean = true }
            } else if line.has(.event, "recovery") {
                if hasStart { isClean = true }
                recoversHere = true
            }
        }
        if isClean || hasStart && isRecovered { return true }
        isRecovered = recoversHere
        return false
    }
}
