import Addressing
import CLinux
import Glibc

// Listening sockets that another process has made.
extension Socket {
    /// Makes a passed descriptor like those that `listen` makes: neither blocking nor inherited.
    ///
    /// - Returns: whether it is a TCP socket that listens; otherwise nothing was done.
    public static func takeListener(_ descriptor: CInt) -> Bool {
        guard option(descriptor, SO_ACCEPTCONN) == 1, option(descriptor, SO_TYPE) == CInt(SOCK_STREAM.rawValue),
            [AF_INET, AF_INET6].contains(option(descriptor, SO_DOMAIN) ?? -1)
        else { return false }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        setNoDelay(descriptor)
        return true
    }

    /// Whether an IPv6 socket of the unspecified address takes IPv4 too.
    public static func takesBothFamilies(_ descriptor: CInt) -> Bool {
        let endpoint = localEndpoint(of: descriptor)
        guard endpoint.address.isUnspecified, !endpoint.address.isV4 else { return false }
        return option(descriptor, IPV6_V6ONLY, of: CInt(IPPROTO_IPV6)) == 0
    }

    private static func option(_ descriptor: CInt, _ option: CInt, of level: CInt = SOL_SOCKET) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, level, option, &value, &length) == 0 ? value : nil
    }
}
