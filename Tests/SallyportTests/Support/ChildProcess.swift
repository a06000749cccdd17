import Glibc
import Synchronization

/// The built program, running as a child of the test: started, signalled and awaited by its id alone, and killed if the
/// test forgets it.
final class ChildProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How it ended, and what it said.
    struct Result {
        /// The exit code, or 128 and the signal's number.
        let code: Int32
        let output: String
        /// The lines on standard error that `nextComplaint` has not taken.
        let complaints: [String]
    }

    let id: pid_t
    private let output: CInt
    private let complaints: CInt
    private let read = Mutex<[UInt8]>([])
    private let isOver = Mutex(false)

    private static let patience: CInt = 10_000

    /// - Parameters:
    ///   - descriptors: the limit on open descriptors under which it runs; nil is the test's own.
    ///   - folder: where it runs; nil is where the test does.
    ///   - input: the file that is its standard input.
    ///   - surroundings: what stands in its environment besides the search path and the sanitizers' options.
    ///   - passed: descriptors that it gets, from number 3 on.
    ///   - wrapper: a command that ends in becoming the one that stands behind it, and its arguments.
    init(
        _ arguments: [String], descriptors: Int? = nil, in folder: String? = nil, under wrapper: [String] = [],
        input: String = "/dev/null", surroundings: [String] = [], passed: [CInt] = []
    ) throws {
        var command = wrapper + [try Self.program()] + arguments
        if descriptors != nil || folder != nil {
            let limit = descriptors.map { "ulimit -n \($0) && " } ?? ""
            command = ["/bin/sh", "-c", "cd \"$1\" && shift && \(limit)exec \"$@\"", "sh", folder ?? "."] + command
        }
        let (ownOutput, itsOutput) = try Self.pair()
        let (ownComplaints, itsComplaints) = try Self.pair()
        defer {
            close(itsOutput)
            close(itsComplaints)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, itsOutput, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, itsComplaints, STDERR_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        // At numbers that none of the actions overwrites before it is used.
        let moved = passed.map { fcntl($0, F_DUPFD_CLOEXEC, 200) }
        defer { for descriptor in moved { close(descriptor) } }
        for (index, descriptor) in moved.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(3 + index))
        }
        var environment = (["PATH=/usr/bin:/bin"] + Self.sanitizers + surroundings).map { strdup($0) } + [nil]
        defer { for text in environment { free(text) } }
        var attributes = Self.signalsOfAShell()
        defer { posix_spawnattr_destroy(&attributes) }
        var id: pid_t = 0
        let status = posix_spawn(&id, command[0], &actions, &attributes, &words, &environment)
        guard status == 0 else {
            close(ownOutput)
            close(ownComplaints)
            throw Failure(description: "\(command[0]) can't be started: \(String(cString: strerror(status)))")
        }
        self.id = id
        output = ownOutput
        complaints = ownComplaints
    }

    deinit {
        if !isOver.withLock({ $0 }) {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
        }
        close(output)
        close(complaints)
    }

    func send(_ signal: CInt) {
        kill(id, signal)
    }

    /// The next line on standard error, without its line feed.
    func nextComplaint() throws -> String {
        while true {
            if let line = takeLine() { return line }
            guard try receive(complaints) else { throw Failure(description: "it ended without another line") }
        }
    }

    /// Waits until it has ended.
    func finish() throws -> Result {
        while try receive(complaints) {}
        let rest = read.withLock { $0 }
        read.withLock { $0 = [] }
        while try receive(output) {}
        var status: CInt = 0
        guard waitpid(id, &status, 0) == id else { throw Failure(description: "it can't be waited for") }
        isOver.withLock { $0 = true }
        return Result(
            code: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f,
            output: String(decoding: read.withLock { $0 }, as: UTF8.self),
            complaints: rest.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
    }

    /// Its open descriptors.
    var descriptorCount: Int {
        guard let folder = opendir("/proc/\(id)/fd") else { return -1 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count - 2
    }

    // MARK: - Private

    /// How `Tests/sanitize` sets its tools.
    private static let sanitizers = ["ASAN_OPTIONS", "TSAN_OPTIONS"].compactMap { name in
        getenv(name).map { name + "=" + String(cString: $0) }
    }

    /// The program that was built together with these tests.
    private static func program() throws -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        for own in [String(decoding: path.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)]
            + CommandLine.arguments.prefix(1)
        {
            guard let slash = own.lastIndex(of: "/") else { continue }
            let candidate = own[...slash] + "sallyport"
            if access(String(candidate), X_OK) == 0 { return String(candidate) }
        }
        throw Failure(description: "the program is not beside its tests")
    }

    /// No signal held and none ignored, whatever the thread has that starts the child.
    private static func signalsOfAShell() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    /// Two ends that no other child inherits.
    private static func pair() throws -> (own: CInt, its: CInt) {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(description: "no socketpair: \(errno)")
        }
        return (ends[0], ends[1])
    }

    private func takeLine() -> String? {
        read.withLock { bytes in
            guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { bytes.removeSubrange(...end) }
            return String(decoding: bytes[..<end], as: UTF8.self)
        }
    }

    /// Waits for bytes, and keeps them.
    ///
    /// - Returns: false at the end.
    private func receive(_ descriptor: CInt) throws -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, Self.patience) > 0 else { throw Failure(description: "it said nothing in time") }
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        let count = Glibc.read(descriptor, &room, room.count)
        guard count > 0 else { return false }
        read.withLock { $0 += room[..<count] }
        return true
    }
}
