import Glibc

/// When the log is moved aside for a new one, and what becomes of the old ones.
///
/// `access.log` becomes `access.log.1`, that becomes `access.log.2`, and so on.
public struct LogRotation: Hashable, Sendable {
    /// The file is changed once it has this many bytes; nil for never.
    public var maxBytes: Int?
    /// The file is changed with the first line of another day in UTC.
    public var isDaily = false
    /// How many old files stay; at least one.
    public var keep = 14
    /// Whether old files are compressed, by the system's `gzip`.
    public var compresses = false

    public init() {}

    /// Why there is a new file. The raw value stands in the log.
    enum Reason: String, Sendable {
        case size
        case day
        /// Somebody else moved the file away or removed it.
        case moved
    }

    /// Gives each old file the next number, drops the last, and moves `path` to number 1.
    ///
    /// - Returns: 0, or the `errno` of what failed; the log then is where it was.
    func moveAside(_ path: String) -> Int32 {
        let last = max(1, keep)
        for suffix in ["", ".gz"] { _ = unlink("\(path).\(last)\(suffix)") }
        for number in (1..<last).reversed() {
            for suffix in ["", ".gz"] { _ = rename("\(path).\(number)\(suffix)", "\(path).\(number + 1)\(suffix)") }
        }
        return rename(path, "\(path).1") == 0 ? 0 : errno
    }

    /// Has `path` replaced by `path.gz`; comes back when that is done.
    static func compress(_ path: String) {
        var process: pid_t = 0
        let words: [String] = ["gzip", "-f", "--", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        guard posix_spawnp(&process, "gzip", nil, nil, &arguments, environ) == 0 else { return }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }
}
