import Glibc
import Synchronization

/// A process started by this one, in a process group of its own, so that it can be ended with all its descendants.
final class Child {
    let process: pid_t
    private var hasEnded = false

    /// Children that have not ended, for whoever ends the program in the middle.
    private static let living = Mutex<[pid_t]>([])

    /// Starts a program with nothing to read, its output going to a file.
    ///
    /// - Parameter core: the only one that it may use.
    init(_ arguments: [String], output: String, core: Int?) throws(BenchError) {
        if let core { Cores.confine(to: core) }
        defer { if let load = Cores.machine.load { Cores.confine(to: load) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.setUp(&attributes)
        var words = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, arguments[0], &actions, &attributes, words, environ)
        guard status == 0 else { throw BenchError("\(arguments[0]): \(String(cString: strerror(status)))") }
        self.process = process
        Self.living.withLock { $0.append(process) }
    }

    /// Whether it still runs.
    var isRunning: Bool {
        if hasEnded { return false }
        var status: CInt = 0
        guard waitpid(process, &status, WNOHANG) == process else { return true }
        forget()
        return false
    }

    /// Asks it to end, and after `patience` ends it, with its whole group.
    func end(within patience: Duration = .seconds(3)) {
        if isRunning { kill(process, SIGTERM) }
        let limit = ContinuousClock.now + patience
        while isRunning && ContinuousClock.now < limit { usleep(2000) }
        // Descendants may have outlived it.
        kill(-process, SIGKILL)
        if hasEnded { return }
        waitpid(process, nil, 0)
        forget()
    }

    /// Ends all children at once. They are not waited for: the program ends too.
    static func endAll() {
        living.withLock { processes in
            for process in processes { kill(-process, SIGKILL) }
        }
    }

    // MARK: - Private

    private func forget() {
        hasEnded = true
        Self.living.withLock { $0.removeAll { $0 == process } }
    }

    /// A group of its own, and the signals as a program expects to find them.
    private static func setUp(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = CInt(POSIX_SPAWN_SETPGROUP) | CInt(POSIX_SPAWN_SETSIGDEF) | CInt(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}
