import Glibc

/// A process and all that descend from it, as they are at this moment.
struct ProcessTree: Sendable {
    let members: [pid_t]
    /// Processor time of descendants that have ended and were waited for, in seconds; the kernel counts it in ticks.
    let endedSeconds: Double

    /// Looks through `/proc` for descendants of `root`.
    init(root: pid_t) {
        var children: [pid_t: [pid_t]] = [:]
        var ended: [pid_t: Int] = [:]
        for process in Self.allProcesses() {
            guard let stat = TextFile.read("/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else { continue }
            // After the name: state, parent, …; cutime and cstime stand 14th and 15th.
            let words = stat[stat.index(after: end)...].split(separator: " ")
            guard words.count > 14, let parent = pid_t(words[1]) else { continue }
            children[parent, default: []].append(process)
            ended[process] = (Int(words[13]) ?? 0) + (Int(words[14]) ?? 0)
        }
        var members = [root]
        var next = 0
        while next < members.count {
            members += children[members[next]] ?? []
            next += 1
        }
        self.members = members
        let ticks = members.reduce(0) { $0 + (ended[$1] ?? 0) }
        endedSeconds = Double(ticks) / Double(sysconf(CInt(_SC_CLK_TCK)))
    }

    /// Processor time of those members that are still there, in seconds.
    var livingSeconds: Double {
        members.reduce(0) { $0 + (ProcessorTime.of($1) ?? 0) }
    }

    /// What processes that `earlier` did not know of have spent, living and ended, in seconds.
    func newcomersSeconds(since earlier: ProcessTree) -> Double {
        let known = Set(earlier.members)
        let newcomers = members.filter { !known.contains($0) }
        return newcomers.reduce(endedSeconds - earlier.endedSeconds) { $0 + (ProcessorTime.of($1) ?? 0) }
    }

    /// Memory in bytes, pages that processes share counted by their share (PSS).
    var memory: Int {
        members.reduce(0) { $0 + Self.memory(of: $1) }
    }

    // MARK: - Private

    private static func memory(of process: pid_t) -> Int {
        guard let text = TextFile.read("/proc/\(process)/smaps_rollup") else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
            let words = line.split(separator: " ")
            return words.count > 1 ? (Int(words[1]) ?? 0) * 1024 : 0
        }
        return 0
    }

    private static func allProcesses() -> [pid_t] {
        Folder.names(in: "/proc").compactMap { pid_t($0) }
    }
}
