import Addressing
import CLinux
import Glibc

/// The system calls on TCP sockets, each with its result as a value. Descriptors are borrowed unless a name says otherwise.
public enum Socket {
    /// What a read gave.
    public enum Received {
        case bytes(Int)
        case end
        case wouldBlock
        case failed(Errno)
    }

    /// What a write gave.
    public enum Sent {
        case bytes(Int)
        case wouldBlock
        case failed(Errno)
    }

    /// A connection just taken, and who is at its other end.
    public struct Accepted: ~Copyable {
        public let descriptor: FileDescriptor
        public let peer: Endpoint

        /// Gives the descriptor away.
        public consuming func take() -> CInt { descriptor.take() }
    }

    // MARK: - Making

    /// A socket that listens on `endpoint`; an IPv6 one takes IPv6 alone, so that both families can share a port.
    public static func listen(on endpoint: Endpoint, backlog: CInt = 4096) throws(Errno) -> FileDescriptor {
        let socket = try make(for: endpoint.address)
        set(socket.raw, SOL_SOCKET, SO_REUSEADDR, 1)
        if !endpoint.address.isV4 { set(socket.raw, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        // Accepted sockets inherit it: one call here instead of one for each client.
        setNoDelay(socket.raw)
        guard SocketAddress(endpoint).withPointer({ Glibc.bind(socket.raw, $0, $1) }) == 0,
            Glibc.listen(socket.raw, backlog) == 0
        else { throw .last }
        return socket
    }

    /// A socket with which to connect to an address of that family.
    public static func make(for address: IPAddress) throws(Errno) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(address.isV4 ? AF_INET : AF_INET6, type, 0)
        guard raw >= 0 else { throw .last }
        return FileDescriptor(owning: raw)
    }

    /// Begins to connect.
    ///
    /// - Returns: whether it is connected already; otherwise the socket becomes writable, or erroneous.
    public static func connect(_ descriptor: CInt, to endpoint: Endpoint) throws(Errno) -> Bool {
        if SocketAddress(endpoint).withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 { return true }
        let error = Errno.last
        guard error == .inProgress || error == .interrupted else { throw error }
        return false
    }

    /// Takes one connection; nil when none waits (or the one that waited has gone again).
    public static func accept(from listener: CInt) throws(Errno) -> Accepted? {
        var peer = SocketAddress()
        let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = peer.withMutablePointer { accept4(listener, $0, $1, flags) }
        if raw >= 0 { return Accepted(descriptor: FileDescriptor(owning: raw), peer: peer.endpoint) }
        let error = Errno.last
        switch error.rawValue {
        // accept(2): errors already pending on the new socket are reported here; they concern that client alone.
        case EAGAIN, EINTR, ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH:
            return nil
        default:
            throw error
        }
    }

    // MARK: - Moving bytes

    public static func receive(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) -> Received {
        while true {
            let count = sallyport_receive(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            let error = Errno.last
            if error == .wouldBlock { return .wouldBlock }
            if error != .interrupted { return .failed(error) }
        }
    }

    public static func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Sent {
        while true {
            let count = sallyport_send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            let error = Errno.last
            if error == .wouldBlock { return .wouldBlock }
            if error != .interrupted { return .failed(error) }
        }
    }

    // MARK: - Ending

    /// Passes on an end: the peer reads EOF after what was sent.
    public static func shutDownWriting(_ descriptor: CInt) {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Makes the coming close a reset instead of a FIN.
    public static func resetOnClose(_ descriptor: CInt) {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    // MARK: - Asking

    /// The error pending on a socket, which asking clears; nil when there is none.
    public static func pendingError(of descriptor: CInt) -> Errno? {
        var error: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else { return .last }
        return error == 0 ? nil : Errno(rawValue: error)
    }

    /// The socket's own end.
    public static func localEndpoint(of descriptor: CInt) -> Endpoint {
        var address = SocketAddress()
        _ = address.withMutablePointer { getsockname(descriptor, $0, $1) }
        return address.endpoint
    }

    /// Whether there is nothing to read, no end and no error: asks the kernel without taking anything.
    public static func isQuiet(_ descriptor: CInt) -> Bool {
        var byte: UInt8 = 0
        return sallyport_receive(descriptor, &byte, 1, CInt(MSG_PEEK)) < 0 && Errno.last == .wouldBlock
    }

    /// Whether `address` is one of this machine's own: a socket can be bound to it.
    public static func isLocal(_ address: IPAddress) -> Bool {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(address.isV4 ? AF_INET : AF_INET6, type, 0)
        guard raw >= 0 else { return false }
        let socket = FileDescriptor(owning: raw)
        return SocketAddress(Endpoint(address, Port(0))).withPointer { Glibc.bind(socket.raw, $0, $1) } == 0
    }

    /// What the kernel has measured of a connection.
    public struct Statistics: Sendable {
        /// Smoothed round-trip time, microseconds.
        public let roundTrip: UInt32
        /// Segments sent again.
        public let retransmits: UInt32
    }

    /// Spec: tcp(7), `TCP_INFO`.
    public static func statistics(of descriptor: CInt) -> Statistics? {
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &info, &length) == 0 else { return nil }
        return Statistics(roundTrip: info.tcpi_rtt, retransmits: info.tcpi_total_retrans)
    }

    /// Small writes go out at once: a relay must not wait for an acknowledgement to pass on what it has.
    public static func setNoDelay(_ descriptor: CInt) {
        set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Keeps BBR, where it is the default, away from a connection within the machine. There is no bottleneck to be probed
    /// there, and its pacing costs a timer interrupt every few segments. Reno is in every kernel and free to everybody;
    /// should it be refused, the default stays. What a listener accepts inherits it.
    ///
    /// Spec: tcp(7), `TCP_CONGESTION`.
    public static func setUnpaced(_ descriptor: CInt) {
        let reno: StaticString = "reno"
        reno.withUTF8Buffer { name in
            _ = setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_CONGESTION, name.baseAddress, socklen_t(name.count))
        }
    }

    static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
