import Addressing
import CLinux
import Glibc

// Sockets of the file system, for programs of this machine.
extension Socket {
    /// A socket that listens at `path`, which only this user may connect to (mode 0600). A socket that nobody answers at,
    /// left behind by a run that was cut off, is replaced.
    ///
    /// - Throws: `ENAMETOOLONG` beyond 107 bytes, `EADDRINUSE` where somebody answers or something else stands.
    ///
    /// Spec: unix(7).
    public static func listen(at path: String, backlog: CInt = 64) throws(Errno) -> FileDescriptor {
        let socket = try makeLocal()
        // Before it is bound: there is no moment in which others may connect.
        guard fchmod(socket.raw, 0o600) == 0 else { throw .last }
        do throws(Errno) {
            try bind(socket.raw, at: path)
        } catch {
            guard error.rawValue == EADDRINUSE, isAbandoned(path), unlink(path) == 0 else { throw error }
            try bind(socket.raw, at: path)
        }
        guard Glibc.listen(socket.raw, backlog) == 0 else { throw .last }
        return socket
    }

    /// A connection to the socket at `path`, whose calls block for up to `seconds`.
    public static func connectLocal(to path: String, seconds: Int = 1) throws(Errno) -> FileDescriptor {
        let raw = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        setPatience(raw, seconds)
        guard try withAddress(path, { Glibc.connect(socket.raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }

    /// A connection to `endpoint`, whose calls block for up to `seconds`.
    public static func connectBlocking(to endpoint: Endpoint, seconds: Int) throws(Errno) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(endpoint.address.isV4 ? AF_INET : AF_INET6, type, 0)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        setPatience(raw, seconds)
        guard SocketAddress(endpoint).withPointer({ Glibc.connect(socket.raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }

    /// Takes one connection; nil when none waits.
    public static func acceptLocal(from listener: CInt) throws(Errno) -> FileDescriptor? {
        let raw = accept4(listener, nil, nil, CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        if raw >= 0 { return FileDescriptor(owning: raw) }
        let error = Errno.last
        if [EAGAIN, EINTR, ECONNABORTED].contains(error.rawValue) { return nil }
        throw error
    }

    // MARK: - Private

    private static func setPatience(_ descriptor: CInt, _ seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func makeLocal() throws(Errno) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(AF_UNIX, type, 0)
        guard raw >= 0 else { throw .last }
        return FileDescriptor(owning: raw)
    }

    private static func bind(_ descriptor: CInt, at path: String) throws(Errno) {
        guard try withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else { throw .last }
    }

    /// Whether `path` is a socket that nobody listens at.
    private static func isAbandoned(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        do throws(Errno) {
            _ = try connectLocal(to: path)
            return false
        } catch {
            return error.rawValue == ECONNREFUSED
        }
    }

    private static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws(Errno) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Errno(rawValue: ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
