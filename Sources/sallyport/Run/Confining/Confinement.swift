import CLinux
import Glibc

/// The files that the program can reach from now on, whatever becomes of it: the kernel refuses all others.
///
/// Rights are to folders, so that files that are replaced, and new ones beside them, can be read. A thread hands its confinement
/// down to those that it starts, and so this comes before the first.
///
/// Spec: landlock(7).
struct Confinement {
    private var reading: [String] = []
    private var running: [String] = []
    private var writing: [String] = []
    private var answering: [String] = []

    private static let execute: UInt64 = 1 << 0
    private static let writeFile: UInt64 = 1 << 1
    private static let readFile: UInt64 = 1 << 2
    private static let readFolder: UInt64 = 1 << 3
    private static let removeFile: UInt64 = 1 << 5
    private static let makeFile: UInt64 = 1 << 8
    private static let makeSocket: UInt64 = 1 << 9
    private static let truncate: UInt64 = 1 << 14
    private static let all: UInt64 = (1 << 13) - 1
    private static let ofFiles = execute | writeFile | readFile | truncate

    /// What every run needs, whatever its options: libraries, `gzip`, time zones, the processor's and the process's own figures,
    /// and the program's own file, for who looks into what went wrong.
    init() {
        running = ["/usr", "/lib", "/lib64", "/bin"]
        reading = [
            "/proc", "/proc/self/exe", "/sys/devices/system/cpu", "/sys/kernel/mm", "/dev/null", "/dev/urandom",
            "/run/systemd/resolve",
        ]
        writing = ["/dev/null"]
        let system = [
            "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/localtime",
            "/etc/ld.so.cache", "/etc/passwd", "/etc/group", "/etc/services",
        ]
        if geteuid() == 0 {
            // Root can read what is nobody else's business there: the files alone.
            for path in system { reading += [path] + (Folder.resolved(path).map { [$0] } ?? []) }
        } else {
            reading.append("/etc")
        }
        for path in system.prefix(2) {
            if let target = Folder.resolved(path), Folder.of(target) != "/etc" { reading.append(Folder.of(target)) }
        }
    }

    /// Lets a file be read, and whatever takes its place or comes beside it.
    mutating func allowReading(around path: String) {
        reading.append(Folder.of(path))
        var status = stat()
        guard let target = Folder.resolved(path), stat(target, &status) == 0 else { return }
        reading.append(status.st_mode & S_IFMT == S_IFDIR ? target : Folder.of(target))
    }

    /// Lets a file be written, moved aside and made anew, if it is one.
    mutating func allowWriting(around path: String) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else { return writing.append(path) }
        writing.append(Folder.of(path))
        if let target = Folder.resolved(path) { writing.append(Folder.of(target)) }
    }

    /// Lets a Unix socket be made, and removed in the end.
    mutating func allowSocket(at path: String) {
        answering.append(Folder.of(path))
    }

    /// Confines this thread and those that it starts.
    ///
    /// - Returns: whether it is confined; not where the kernel can't.
    func enter() throws(PrivilegeError) -> Bool {
        let version = sallyport_landlock_version()
        guard version > 0 else { return false }
        var ruleset = sallyport_landlock_ruleset(handled_files: Self.all)
        // What later versions handle: moving between folders, and truncating.
        if version >= 2 { ruleset.handled_files |= 1 << 13 }
        if version >= 3 { ruleset.handled_files |= Self.truncate }
        let descriptor = sallyport_landlock_create(&ruleset)
        guard descriptor >= 0 else { return false }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        defer { close(descriptor) }
        let read = Self.readFile | Self.readFolder
        for path in reading { allow(path, read, descriptor, ruleset.handled_files) }
        for path in running { allow(path, read | Self.execute, descriptor, ruleset.handled_files) }
        let write = read | Self.writeFile | Self.removeFile | Self.makeFile | Self.truncate
        for path in writing { allow(path, write, descriptor, ruleset.handled_files) }
        for path in answering {
            allow(path, Self.readFolder | Self.removeFile | Self.makeSocket, descriptor, ruleset.handled_files)
        }
        guard sallyport_no_new_privileges() == 0, sallyport_landlock_restrict(descriptor) == 0 else {
            throw PrivilegeError(
                "can't confine the program: \(String(cString: strerror(errno))); --confine off goes without")
        }
        return true
    }

    /// What is not there needs no rule.
    private func allow(_ path: String, _ rights: UInt64, _ ruleset: CInt, _ handled: UInt64) {
        // O_PATH, by its value in the kernel's interface.
        let descriptor = open(path, 0o10000000 | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        var rule = sallyport_landlock_path(
            allowed: rights & handled & (isFolder ? .max : Self.ofFiles), parent: descriptor)
        _ = sallyport_landlock_allow(ruleset, &rule)
    }
}

extension Confinement {
    /// A line for the operator, with an explanation where the kernel may have refused because of the confinement.
    static func explaining(_ line: String) -> String {
        guard line.contains(String(cString: strerror(EACCES))) else { return line }
        return line + " (--confine on keeps to the folders of the files named at the start: move it there, or restart)"
    }
}
