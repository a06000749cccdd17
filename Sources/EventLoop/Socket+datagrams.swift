import Addressing
import Glibc

// Datagrams are sent and received with the calls for streams: one call, one datagram. A received `.end` is an empty one.
extension Socket {
    /// A UDP socket that speaks to `peer` alone, from a port that the kernel picks at random. Being connected, it takes
    /// datagrams from that address and port only, and learns when nobody listens there.
    ///
    /// Spec: RFC 5452 §9.2, udp(7).
    public static func datagrams(to peer: Endpoint) throws(Errno) -> FileDescriptor {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(peer.address.isV4 ? AF_INET : AF_INET6, type, 0)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        guard SocketAddress(peer).withPointer({ Glibc.connect(raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }
}
