import Glibc

/// The process that is to take over, started by the command.
struct StartedProcess {
    let id: pid_t
    private let complaints: CInt
    private let ready: CInt

    /// A session of its own, so that it doesn't end with the command's terminal. By its value in the C library.
    private static let newSession: Int16 = 0x80
    /// Above all descriptors that the child gets.
    private static let high: CInt = 600

    /// - Parameter descriptors: the former process's standard output and error, and its listening sockets.
    init(_ arguments: [String], _ former: PacketSocket, _ descriptors: [CInt]) throws(UpgradeError) {
        let (complaints, ready) = (Self.pipe(), Self.pipe())
        defer {
            close(complaints.write)
            close(ready.write)
        }
        let sockets = Array(descriptors.dropFirst(2))
        let passed = sockets + [former.descriptor, descriptors[1], ready.write]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // At numbers that no action overwrites before they are used.
        let moved = ([descriptors[0], complaints.write] + passed).map { fcntl($0, F_DUPFD_CLOEXEC, Self.high) }
        defer { for descriptor in moved { close(descriptor) } }
        for (index, descriptor) in moved.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO + CInt(index))
        }
        let first = 3 + sockets.count
        setenv("LISTEN_FDS", "\(sockets.count)", 1)
        setenv("LISTEN_PID", "\(getpid())", 1)
        setenv(Takeover.variable, "\(first),\(first + 1),\(first + 2)", 1)
        for name in ["LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)
        var words: [UnsafeMutablePointer<CChar>?] =
            ([ProgramArguments.all.first ?? "sallyport"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let status = posix_spawn(&id, "/proc/self/exe", &actions, &attributes, &words, environ)
        guard status == 0 else {
            throw UpgradeError("the new process can't be started: \(String(cString: strerror(status)))")
        }
        self.id = id
        self.complaints = complaints.read
        self.ready = ready.read
    }

    /// Waits until it serves, and passes on meanwhile what it says.
    ///
    /// - Returns: nil if it serves, else its last word.
    func failure() -> String? {
        var last = "it said nothing"
        var byte: UInt8 = 0
        var text: [UInt8] = []
        while read(complaints, &byte, 1) == 1 {
            _ = write(STDERR_FILENO, &byte, 1)
            if byte == UInt8(ascii: "\n") {
                last = String(decoding: text, as: UTF8.self)
                text = []
            } else {
                text.append(byte)
            }
        }
        // It has turned to the former one's standard error, or is gone.
        return read(ready, &byte, 1) == 1 ? nil : last
    }

    // MARK: - Private

    private static func pipe() -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        _ = Glibc.pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
