import Glibc

/// The file in which the number of the process that serves stands.
struct PIDFile: ~Copyable {
    private let descriptor: CInt

    /// Opens it while that is still allowed; nothing is written yet.
    init(_ path: String) throws(PrivilegeError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw PrivilegeError("can't open the pid file \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(descriptor)
    }

    func write() {
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }
}
