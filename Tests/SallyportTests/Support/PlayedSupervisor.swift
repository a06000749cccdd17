import CLinux
import Glibc

/// Plays the service manager: takes what the program tells it.
final class PlayedSupervisor: Sendable {
    private let descriptor: CInt
    /// What the program finds in its environment.
    let variable: String

    /// - Parameters:
    ///   - path: where the socket is; `@` begins a name that is in no folder.
    init(at path: String) throws {
        variable = "NOTIFY_SOCKET=\(path)"
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = path.hasPrefix("@") ? [0] + Array(path.utf8.dropFirst()) : Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(2 + name.count)
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard status == 0 else { throw ChildProcess.Failure(description: "no socket for the manager: \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// The lines of the next message that has `line` among them; others are passed over, a bounded number of them.
    func message(with line: String) throws -> [String] {
        for _ in 0..<1000 {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 10_000) > 0 else { break }
            var room = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &room, room.count, 0)
            guard count > 0 else { break }
            let lines = room[..<count].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            if lines.contains(line) { return lines }
        }
        throw ChildProcess.Failure(description: "the manager was not told \(line)")
    }
}
