import Glibc

/// The name of a Unix socket: a path, or, after `@`, a name that is in no folder. Spec: unix(7).
struct UnixAddress: Sendable {
    private let bytes: [UInt8]

    /// Nil for what is too long or neither.
    init?(_ text: String) {
        guard text.hasPrefix("/") || text.hasPrefix("@"), (2...107).contains(text.utf8.count) else { return nil }
        bytes = text.hasPrefix("@") ? [0] + text.utf8.dropFirst() : text.utf8 + [0]
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
