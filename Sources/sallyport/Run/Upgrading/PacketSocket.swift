import CLinux
import Glibc

/// A Unix socket between two processes of this program, on which whole messages and descriptors go. Spec: unix(7).
struct PacketSocket: Sendable {
    let descriptor: CInt

    private static let kind = CInt(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
    /// Of a `cmsghdr`, whose descriptors follow.
    private static let headerBytes = 16
    /// The kernel passes no more at once.
    static let mostDescriptors = 253
    private static let mostBytes = 256 << 10

    /// Where the process of that number takes an upgrade.
    static func address(of process: pid_t) -> UnixAddress? {
        UnixAddress("@sallyport/\(process)")
    }

    static func listen(as process: pid_t) throws(UpgradeError) -> PacketSocket {
        let socket = PacketSocket(descriptor: Glibc.socket(AF_UNIX, kind, 0))
        let status = address(of: process)?.withPointer { bind(socket.descriptor, $0, $1) }
        guard status == 0, Glibc.listen(socket.descriptor, 4) == 0 else {
            let error = UpgradeError("upgrades can't be taken: \(String(cString: strerror(errno)))")
            socket.close()
            throw error
        }
        return socket
    }

    static func connect(to process: pid_t) throws(UpgradeError) -> PacketSocket {
        let socket = PacketSocket(descriptor: Glibc.socket(AF_UNIX, kind, 0))
        guard address(of: process)?.withPointer({ Glibc.connect(socket.descriptor, $0, $1) }) == 0 else {
            let reason = errno == ECONNREFUSED ? "no such sallyport is running" : String(cString: strerror(errno))
            socket.close()
            throw UpgradeError("process \(process) can't be reached: \(reason)")
        }
        return socket
    }

    func accept() -> PacketSocket? {
        let accepted = accept4(descriptor, nil, nil, CInt(SOCK_CLOEXEC.rawValue))
        return accepted >= 0 ? PacketSocket(descriptor: accepted) : nil
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// Who is at the other end, or was when it began to listen.
    var peer: sallyport_peer? {
        var peer = sallyport_peer()
        var length = socklen_t(MemoryLayout<sallyport_peer>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer : nil
    }

    /// Bounds each later receipt.
    func wait(atMost seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// - Returns: whether it went out.
    @discardableResult
    func send(_ words: [String], _ descriptors: [CInt] = []) -> Bool {
        var bytes = Array(words.joined(separator: "\0").utf8)
        let room = Self.headerBytes + (descriptors.count * 4 + 7) / 8 * 8
        var control = [UInt8](repeating: 0, count: room)
        control.withUnsafeMutableBytes { control in
            // struct cmsghdr: length, level, type.
            control.storeBytes(of: Self.headerBytes + descriptors.count * 4, as: Int.self)
            control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: CInt.self)
            control.storeBytes(of: CInt(SCM_RIGHTS), toByteOffset: 12, as: CInt.self)
            for (index, descriptor) in descriptors.enumerated() {
                control.storeBytes(of: descriptor, toByteOffset: Self.headerBytes + index * 4, as: CInt.self)
            }
        }
        return bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    if !descriptors.isEmpty {
                        message.msg_control = control.baseAddress
                        message.msg_controllen = control.count
                    }
                    return sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL)) >= 0
                }
            }
        }
    }

    /// The next message; nil at the end, and when none comes in time.
    func receive() -> (words: [String], descriptors: [CInt])? {
        var bytes = [UInt8](repeating: 0, count: Self.mostBytes)
        var control = [UInt8](repeating: 0, count: Self.headerBytes + (Self.mostDescriptors * 4 + 7) / 8 * 8)
        var descriptors: [CInt] = []
        let count = bytes.withUnsafeMutableBytes { bytes in
            control.withUnsafeMutableBytes { control in
                var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    let count = recvmsg(descriptor, &message, Self.closingOnExec)
                    guard count > 0, message.msg_controllen >= Self.headerBytes else { return count }
                    let length = control.loadUnaligned(as: Int.self)
                    for offset in stride(from: Self.headerBytes, to: min(length, message.msg_controllen), by: 4) {
                        descriptors.append(control.loadUnaligned(fromByteOffset: offset, as: CInt.self))
                    }
                    return count
                }
            }
        }
        guard count > 0 else { return nil }
        let words = bytes[..<count].split(separator: 0, omittingEmptySubsequences: false)
        return (words.map { String(decoding: $0, as: UTF8.self) }, descriptors)
    }

    /// MSG_CMSG_CLOEXEC, by its value in the kernel's interface.
    private static let closingOnExec: CInt = 0x4000_0000
}

struct UpgradeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
