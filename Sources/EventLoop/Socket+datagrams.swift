import Addressing
import CLinux
import Glibc

// Datagrams are sent and received with the calls for streams: one call, one datagram. A received `.end` is an empty one.
extension Socket {
    /// A UDP socket at `endpoint`, for datagrams from and to anybody; port 0 takes a free one.
    public static func datagrams(at endpoint: Endpoint) throws(Errno) -> FileDescriptor {
        let socket = try datagramSocket(endpoint.address)
        if !endpoint.address.isV4 { set(socket.raw, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard SocketAddress(endpoint).withPointer({ Glibc.bind(socket.raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }

    /// A UDP socket that speaks to `peer` alone, from a port that the kernel picks at random. Being connected, it takes
    /// datagrams from that address and port only, and learns when nobody listens there.
    ///
    /// Spec: RFC 5452 §9.2, udp(7).
    public static func datagrams(to peer: Endpoint) throws(Errno) -> FileDescriptor {
        let socket = try datagramSocket(peer.address)
        guard SocketAddress(peer).withPointer({ Glibc.connect(socket.raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }

    /// Sends one datagram.
    ///
    /// - Returns: whether the kernel took it.
    public static func send(_ datagram: [UInt8], to destination: Endpoint, _ descriptor: CInt) -> Bool {
        SocketAddress(destination).withPointer { address, length in
            sendto(descriptor, datagram, datagram.count, CInt(MSG_NOSIGNAL), address, length) == datagram.count
        }
    }

    private static func datagramSocket(_ address: IPAddress) throws(Errno) -> FileDescriptor {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(address.isV4 ? AF_INET : AF_INET6, type, 0)
        guard raw >= 0 else { throw .last }
        return FileDescriptor(owning: raw)
    }
}
