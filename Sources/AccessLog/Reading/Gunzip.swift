import Glibc

/// The system's `gzip` at work on a compressed file.
struct Gunzip {
    /// Where what it gives can be read.
    let descriptor: Int32
    let process: pid_t

    /// Spec: RFC 1952 §2.3.1.
    static func isCompressed(_ descriptor: Int32) -> Bool {
        var magic: (UInt8, UInt8) = (0, 0)
        return pread(descriptor, &magic, 2, 0) == 2 && magic.0 == 0x1f && magic.1 == 0x8b
    }

    init(reading file: Int32, path: String) throws(LogReadError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotRead(path: path, errorNumber: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        // What it has to say is said by the error that becomes of it.
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let words: [String] = ["gzip", "-dc"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer {
            for argument in arguments { free(argument) }
            posix_spawn_file_actions_destroy(&actions)
            _ = close(ends[1])
        }
        var process: pid_t = 0
        guard posix_spawnp(&process, "gzip", &actions, nil, &arguments, environ) == 0 else {
            _ = close(ends[0])
            throw .notCompressed(path: path)
        }
        descriptor = ends[0]
        self.process = process
    }

    /// Whether it came to its end without an error; waits for that, but leaves it to `end` to be taken away.
    static func isGood(_ process: pid_t) -> Bool {
        var info = siginfo_t()
        while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return info.si_code == CLD_EXITED && info._sifields._sigchld.si_status == 0
    }

    /// Waits until it has gone; it goes when nobody reads what it gives.
    static func end(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }
}
