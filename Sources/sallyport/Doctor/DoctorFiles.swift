import AccessLog
import EventLoop
import Glibc
import Policy
import Users

/// The files that the options name.
enum DoctorFiles {
    @Sendable static func policy(_ settings: Settings) -> [DoctorFinding] {
        do throws(PolicyErrors) {
            let ruleset = try Ruleset.load(path: settings.policy)
            let warnings = ruleset.warnings + ruleset.lint(now: WallClock.microseconds() / 1_000_000)
            let sum = "\(settings.policy): \(ruleset.ruleCount) rules, \(ruleset.entryCount) entries"
            guard let first = warnings.first else { return [.ok("policy", sum)] }
            return [.warn("policy", "\(sum), \(warnings.count) warnings: \(first)", "sallyport check names them all")]
        } catch {
            let first = error.diagnostics.first?.description ?? settings.policy
            return [.fail("policy", first, "sallyport check names all \(error.diagnostics.count) errors")]
        }
    }

    @Sendable static func users(_ settings: Settings) -> [DoctorFinding] {
        guard let path = settings.users else { return [] }
        do throws(UserFileErrors) {
            let table = try UserTable.load(path: path)
            if table.isEmpty { return [.warn("users", "\(path) names nobody", "sallyport user add \(path) NAME")] }
            return [.ok("users", "\(path): \(table.names.count) users")]
        } catch {
            return [.fail("users", error.faults.first ?? path, "sallyport user list \(path) names all faults")]
        }
    }

    /// Nothing is written where the log is.
    @Sendable static func log(_ settings: Settings) -> [DoctorFinding] {
        guard let path = settings.log, path != "-" else {
            return [.ok("log", settings.log == nil ? "off: no request is on record" : "goes to standard output")]
        }
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFIFO else {
                return [.fail("log", "\(path) is no file", "another --log is needed")]
            }
            guard access(path, W_OK) == 0 else { return [unwritable(path)] }
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0 else { return [unwritable(folder)] }
        return [space(folder.isEmpty ? "/" : folder, path)]
    }

    // MARK: - Private

    private static func unwritable(_ path: String) -> DoctorFinding {
        let why = String(cString: strerror(errno))
        return .fail("log", "\(path) can't be written: \(why)", "make it, or give it to the user that runs the proxy")
    }

    private static func space(_ folder: String, _ path: String) -> DoctorFinding {
        var disk = statvfs()
        guard statvfs(folder, &disk) == 0 else { return unwritable(folder) }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        let text = "\(path) can be written, \(TopTable.size(Double(free))) are free"
        if free < 100_000_000 {
            return .warn("log", text, "make room: when nothing is left, accepting pauses (--log-full stall)")
        }
        return .ok("log", text)
    }
}
