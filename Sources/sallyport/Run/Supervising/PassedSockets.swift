import EventLoop
import Glibc

/// Listening sockets that whoever started the program has made: systemd for a socket unit, or `sallyport upgrade`.
///
/// Spec: sd_listen_fds(3).
enum PassedSockets {
    private static let first: CInt = 3
    private static let most: CInt = 1024

    /// Takes over what was passed, and takes its traces out of the environment.
    ///
    /// - Parameter isUpgrade: whether our parent passed them, who can't know our number.
    static func take(isUpgrade: Bool) throws(PassedSocketError) -> [CInt] {
        let environment = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]
        let values = environment.map { name in getenv(name).map { String(cString: $0) } }
        for name in environment { unsetenv(name) }
        guard let process = values[0].flatMap({ pid_t($0) }), process == (isUpgrade ? getppid() : getpid()) else {
            return []
        }
        guard let text = values[1], let count = CInt(text), (0...most).contains(count) else {
            throw PassedSocketError(
                description: "LISTEN_FDS is \"\(values[1] ?? "")\"; a number up to \(most) is needed")
        }
        let names = (values[2] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        for index in 0..<count where !Socket.takeListener(first + index) {
            let name = Int(index) < names.count && !names[Int(index)].isEmpty ? " (\(names[Int(index)]))" : ""
            throw PassedSocketError(
                description: "the passed descriptor \(first + index)\(name) is no TCP socket that listens;"
                    + " a socket unit with ListenStream=ADDRESS:PORT and Accept=no is needed")
        }
        return (0..<count).map { first + $0 }
    }
}

struct PassedSocketError: Error, CustomStringConvertible {
    let description: String
}
