import Addressing
import CLinux
import Glibc

// What can be said of a connection before it is made.
extension Socket {
    /// Makes the coming connection leave from `address`, which must be of the socket's family and this machine's. Its port
    /// is picked when it connects, so that one source address has 28,000 connections to each destination, not in all.
    ///
    /// Spec: ip(7), `IP_BIND_ADDRESS_NO_PORT`.
    public static func leave(from address: IPAddress, _ descriptor: CInt) throws(Errno) {
        // The option is of the IPv4 level for both families.
        set(descriptor, CInt(IPPROTO_IP), SALLYPORT_BIND_ADDRESS_NO_PORT, 1)
        let endpoint = Endpoint(address, Port(0))
        guard SocketAddress(endpoint).withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0 else { throw .last }
    }

    /// Whether a listener could have `endpoint`: binds to it and lets it go, without taking clients for a moment.
    public static func checkFree(_ endpoint: Endpoint) throws(Errno) {
        let socket = try make(for: endpoint.address)
        set(socket.raw, SOL_SOCKET, SO_REUSEADDR, 1)
        if !endpoint.address.isV4 { set(socket.raw, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard SocketAddress(endpoint).withPointer({ Glibc.bind(socket.raw, $0, $1) }) == 0 else { throw .last }
    }

    /// Whether the kernel has a way to `endpoint`. Nothing is sent.
    public static func hasRoute(to endpoint: Endpoint) -> Bool {
        let raw = socket(
            endpoint.address.isV4 ? AF_INET : AF_INET6, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return false }
        let socket = FileDescriptor(owning: raw)
        return SocketAddress(endpoint).withPointer { Glibc.connect(socket.raw, $0, $1) } == 0
    }

    /// Begins to connect with `bytes` in the SYN, if the kernel has a cookie of that destination; otherwise just begins,
    /// and asks for one.
    ///
    /// - Returns: how many of the bytes the kernel has taken; the socket becomes writable, or erroneous.
    ///
    /// Spec: RFC 7413, tcp(7).
    public static func connect(
        _ descriptor: CInt, to endpoint: Endpoint, opening bytes: UnsafeRawBufferPointer
    ) throws(Errno) -> Int {
        let flags = CInt(MSG_NOSIGNAL) | SALLYPORT_SEND_FAST_OPEN
        let count = SocketAddress(endpoint).withPointer {
            sendto(descriptor, bytes.baseAddress, bytes.count, flags, $0, $1)
        }
        if count >= 0 { return count }
        let error = Errno.last
        switch error.rawValue {
        case EINPROGRESS, EINTR: return 0
        // The kernel's switch is off (net.ipv4.tcp_fastopen).
        case EOPNOTSUPP:
            _ = try connect(descriptor, to: endpoint)
            return 0
        default: throw error
        }
    }
}
