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

    /// The old files of `path`, the newest first.
    public static func files(rotatedFrom path: String) -> [String] {
        (1...9999).lazy.map { "\(path).\($0)" }
            .map { access($0, F_OK) == 0 ? $0 : access($0 + ".gz", F_OK) == 0 ? $0 + ".gz" : "" }
            .prefix { !$0.isEmpty }.map(\.self)
    }

    /// Compresses every old file of `path` that is not, those included that an earlier run left so; comes back when that is
    /// done. Meanwhile files must not be renumbered.
    func compressAll(_ path: String) {
        for number in 1...max(1, keep) {
            let old = "\(path).\(number)"
            _ = unlink(old + Self.unfinished)
            if access(old, F_OK) == 0 { Self.compress(old) }
        }
    }

    /// What a compressed file is called until it is whole.
    private static let unfinished = ".unfinished"

    /// Replaces `path` by `path.gz`; comes back when that is done.
    ///
    /// `gzip` gets descriptors, not names: if the program is cut off meanwhile and the files are renumbered by the next one,
    /// a `gzip` that is still at work can't remove or overwrite another file than its own.
    static func compress(_ path: String) {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { return }
        defer { _ = close(input) }
        let unfinished = path + Self.unfinished
        _ = unlink(unfinished)
        let output = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard output >= 0 else { return }
        defer { _ = close(output) }
        var raw = stat()
        guard fstat(input, &raw) == 0, gzip(input, output) else {
            _ = unlink(unfinished)
            return
        }
        // The file stays as old as what is in it.
        let times = [raw.st_atim, raw.st_mtim]
        _ = futimens(output, times)
        if fsync(output) == 0, rename(unfinished, path + ".gz") == 0 { _ = unlink(path) }
    }

    /// - Returns: whether all went well.
    private static func gzip(_ input: Int32, _ output: Int32) -> Bool {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        let words: [String] = ["gzip", "-c"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer {
            for argument in arguments { free(argument) }
            posix_spawn_file_actions_destroy(&actions)
        }
        var process: pid_t = 0
        guard posix_spawnp(&process, "gzip", &actions, nil, &arguments, environ) == 0 else { return false }
        return Gunzip.end(process) == 0
    }
}
