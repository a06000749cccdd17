import CLinux
import Glibc

/// A blocking TCP connection on the loopback; no call takes longer than ten seconds.
final class Client: Sendable {
    private let descriptor: CInt

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        Self.bound(descriptor)
        var address = Loopback.address(port)
        let status = Loopback.withPointer(&address) { connect(descriptor, $0, $1) }
        if status != 0 { throw ChildProcess.Failure(description: "connect: \(String(cString: strerror(errno)))") }
    }

    fileprivate init(descriptor: CInt) {
        self.descriptor = descriptor
        Self.bound(descriptor)
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw ChildProcess.Failure(description: "send: \(String(cString: strerror(errno)))")
        }
    }

    /// Exactly `count` bytes, as text.
    func receive(_ count: Int) throws -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        guard recv(descriptor, &bytes, count, CInt(MSG_WAITALL)) == count else {
            throw ChildProcess.Failure(description: "receive: \(String(cString: strerror(errno)))")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All up to the end, as text; a reset is an end too.
    func receiveToEnd() throws -> String {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &room, room.count, 0)
            if count < 0 && errno == EAGAIN { throw ChildProcess.Failure(description: "no end in time") }
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += room[..<count]
        }
    }

    func halfClose() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Makes the end of this object a reset.
    func resetAtEnd() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    fileprivate static func bound(_ descriptor: CInt) {
        var time = timeval(tv_sec: 10, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}

/// A port of the loopback that listens.
final class LoopbackListener: Sendable {
    let descriptor: CInt
    let port: UInt16

    init() throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        Client.bound(descriptor)
        var address = Loopback.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard Loopback.withPointer(&address, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
            throw ChildProcess.Failure(description: "listen: \(String(cString: strerror(errno)))")
        }
        _ = Loopback.withPointer(&address) { pointer, _ in getsockname(descriptor, pointer, &length) }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func accept() throws -> Client {
        // No program that a test beside this one starts shall hold it open.
        let accepted = accept4(descriptor, nil, nil, CInt(SOCK_CLOEXEC.rawValue))
        guard accepted >= 0 else {
            throw ChildProcess.Failure(description: "accept: \(String(cString: strerror(errno)))")
        }
        return Client(descriptor: accepted)
    }
}

private enum Loopback {
    static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    static func withPointer(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
