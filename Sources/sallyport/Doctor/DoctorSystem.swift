import CLinux
import EventLoop
import Glibc
import Proxy

/// What the system grants.
enum DoctorSystem {
    @Sendable static func limits(_ settings: Settings) -> [DoctorFinding] {
        [descriptors(), pipes(), localPorts(), backlog()]
    }

    private static func descriptors() -> DoctorFinding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let text = "\(limit.rlim_max) are granted, for some \(limit.rlim_max / 2) tunnels"
        if limit.rlim_max < 8192 {
            return .warn("descriptors", text, "raise the hard limit: ulimit -Hn, or LimitNOFILE= of the service")
        }
        return .ok("descriptors", text)
    }

    /// A pipe of 1 MiB carries the bulk of a tunnel; past the quota new pipes are small, and bulk is copied.
    private static func pipes() -> DoctorFinding {
        guard let pages = number(of: "/proc/sys/fs/pipe-user-pages-soft") else {
            return .warn("pipes", "the quota can't be read", "bulk is copied where no pipe is to be had")
        }
        if pages == 0 || geteuid() == 0 { return .ok("pipes", "no quota") }
        let count = pages * UInt64(sysconf(CInt(_SC_PAGESIZE))) >> 20
        let text = "the quota is \(pages) pages, for \(count) tunnels in bulk at a time"
        if count < 64 {
            return .warn("pipes", text, "sysctl fs.pipe-user-pages-soft=16384; beyond it bulk is copied")
        }
        return .ok("pipes", text)
    }

    private static func localPorts() -> DoctorFinding {
        let words = (try? TextFile.contents(of: "/proc/sys/net/ipv4/ip_local_port_range", limit: 100))?
            .split { $0 == " " || $0 == "\t" || $0 == "\n" }.compactMap { Int($0) }
        guard let words, words.count == 2, words[1] >= words[0] else {
            return .warn("ports", "the range of local ports can't be read", "is /proc there?")
        }
        let count = words[1] - words[0] + 1
        let text = "\(count) local ports, for as many connections to each origin"
        if count < 10_000 { return .warn("ports", text, "sysctl net.ipv4.ip_local_port_range=\"10240 65535\"") }
        return .ok("ports", text)
    }

    private static func backlog() -> DoctorFinding {
        guard let longest = number(of: "/proc/sys/net/core/somaxconn") else {
            return .warn("backlog", "the queue of a listener can't be read", "is /proc there?")
        }
        let text = "up to \(longest) clients wait to be accepted"
        if longest < 1024 { return .warn("backlog", text, "sysctl net.core.somaxconn=4096") }
        return .ok("backlog", text)
    }

    @Sendable static func memory(_ settings: Settings) -> [DoctorFinding] {
        let group = MemoryGroup.limit()
        let total = UInt64(sysconf(CInt(_SC_PHYS_PAGES))) * UInt64(sysconf(CInt(_SC_PAGESIZE)))
        let granted = min(group ?? .max, total)
        let whose = group.map { $0 < total } == true ? "of the control group" : "of the machine"
        let text = "\(size(granted)) \(whose)"
        let half = "\(max(granted >> 21, 1))M"
        guard let most = settings.proxy.limits.memory else {
            if whose == "of the machine" { return [.ok("memory", "\(text), and no --max-memory")] }
            return [
                .warn(
                    "memory", "\(text), and no --max-memory",
                    "--max-memory \(half) refuses clients before the kernel kills")
            ]
        }
        if UInt64(most) > granted - granted / 10 {
            return [
                .warn(
                    "memory", "--max-memory is \(size(UInt64(most))), and there are \(text)",
                    "--max-memory \(half) leaves room")
            ]
        }
        return [.ok("memory", "--max-memory is \(size(UInt64(most))) of \(text)")]
    }

    /// Spec: adjtimex(2).
    @Sendable static func clock(_ settings: Settings) -> [DoctorFinding] {
        let now = WallClock.microseconds() / 1_000_000
        // From 2025 on, when this was written, for a century.
        guard (1_735_689_600..<4_891_363_200).contains(now) else {
            return [
                .fail(
                    "clock", "it is \(now) seconds after 1970 by the clock",
                    "set it; rules with during and the log depend on it")
            ]
        }
        var state = timex()
        let answer = adjtimex(&state)
        guard answer >= 0 else {
            return [.warn("clock", "the kernel does not say whether it is kept", "is there a time server?")]
        }
        if answer == TIME_ERROR || state.status & CInt(STA_UNSYNC) != 0 {
            return [
                .warn(
                    "clock", "plausible, but no time server keeps it",
                    "run chrony or systemd-timesyncd; the log's times depend on it")
            ]
        }
        return [.ok("clock", "kept by a time server, to \(state.maxerror / 1000) ms at worst")]
    }

    // MARK: - Private

    private static func size(_ bytes: UInt64) -> String { TopTable.size(Double(bytes)) }

    static func number(of path: String) -> UInt64? {
        guard let text = try? TextFile.contents(of: path, limit: 100) else { return nil }
        return UInt64(text.prefix { $0.isNumber })
    }
}

/// The memory that a control group grants.
enum MemoryGroup {
    /// The least of the group and those above it; nil without a limit. Spec: cgroups(7).
    static func limit(groups: String = "/proc/self/cgroup", root: String = "/sys/fs/cgroup") -> UInt64? {
        guard let text = try? TextFile.contents(of: groups, limit: 64 * 1024) else { return nil }
        var least: UInt64?
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isNew = parts[0] == "0" && parts[1].isEmpty
            guard isNew || parts[1].split(separator: ",").contains("memory") else { continue }
            let (folder, file) = isNew ? (root, "memory.max") : (root + "/memory", "memory.limit_in_bytes")
            var path = String(parts[2])
            while true {
                let place = path == "/" || path.isEmpty ? folder : folder + path
                // No limit is a word, or of the size of the address space.
                if let bytes = DoctorSystem.number(of: "\(place)/\(file)"), bytes < 1 << 60 {
                    least = min(least ?? bytes, bytes)
                }
                guard let slash = path.lastIndex(of: "/"), path != "/" else { break }
                path = slash == path.startIndex ? "/" : String(path[..<slash])
            }
        }
        return least
    }
}
