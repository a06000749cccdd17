import Glibc

/// The system's log, as a place outside the access log where its newest seal is kept.
public final class Syslog: Sendable {
    private let descriptor: Int32
    private let path: String

    /// - Parameter path: the socket that takes messages.
    public init(path: String = "/dev/log") {
        self.path = path
        descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Sends one message of facility daemon and severity notice, and never waits.
    ///
    /// - Returns: false if nobody took it.
    ///
    /// Spec: RFC 3164 §4.1; a local socket adds time and host itself.
    public func send(_ message: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard descriptor >= 0, name.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        // 29 is daemon (3) times 8 and notice (5).
        let packet = Array("<29>sallyport[\(getpid())]: \(message)".utf8)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                let length = socklen_t(MemoryLayout<sockaddr_un>.size)
                return sendto(descriptor, packet, packet.count, flags, name, length) == packet.count
            }
        }
    }
}
