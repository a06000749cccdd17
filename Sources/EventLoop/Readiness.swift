import CLinux

/// What the kernel says of a descriptor in one event.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There are bytes, an end or an error to read.
    public static let readable = Readiness(rawValue: SALLYPORT_EPOLL_READ)
    /// The send buffer has room, or a connection was made.
    public static let writable = Readiness(rawValue: SALLYPORT_EPOLL_WRITE)
    /// The peer has sent its FIN: reading ends after what is there.
    public static let peerClosed = Readiness(rawValue: SALLYPORT_EPOLL_PEER_CLOSED)
    /// An error is pending, a reset among others.
    public static let error = Readiness(rawValue: SALLYPORT_EPOLL_ERROR)
    /// Both directions are shut.
    public static let hangUp = Readiness(rawValue: SALLYPORT_EPOLL_HANG_UP)

    static let all: Readiness = [.readable, .writable, .peerClosed]
}
