import Glibc
import Testing

@testable import AccessLog

@Suite("The system's log")
struct SyslogTests {
    @Test("A message arrives in one piece with its facility and severity")
    func message() throws {
        let folder = try TemporaryFile()
        let path = folder.path
        let receiver = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { _ = close(receiver) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(receiver, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        #expect(Syslog(path: path).send("seal 1:ab"))
        var room = [UInt8](repeating: 0, count: 200)
        let count = recv(receiver, &room, room.count, 0)
        #expect(String(decoding: room[..<max(0, count)], as: UTF8.self) == "<29>sallyport[\(getpid())]: seal 1:ab")
    }

    @Test("Where nobody listens nothing happens")
    func nobody() {
        #expect(!Syslog(path: "/nonexistent/log").send("x"))
        #expect(!Syslog(path: String(repeating: "x", count: 200)).send("x"))
    }
}
