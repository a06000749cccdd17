import Glibc

/// The error number of a failed system call.
public struct Errno: Error, RawRepresentable, Hashable, Sendable {
    public let rawValue: CInt

    public init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// The calling thread's `errno`; to be read on the line after the call.
    static var last: Errno { Errno(rawValue: errno) }

    public static let wouldBlock = Errno(rawValue: EAGAIN)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let inProgress = Errno(rawValue: EINPROGRESS)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let timedOut = Errno(rawValue: ETIMEDOUT)

    /// The process's or the system's descriptors are used up.
    public var isDescriptorExhaustion: Bool {
        rawValue == EMFILE || rawValue == ENFILE
    }
}

extension Errno: CustomStringConvertible {
    /// The C library's words for it.
    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            strerror_r(rawValue, buffer.baseAddress!, buffer.count) == 0
                ? String(cString: buffer.baseAddress!) : "error \(rawValue)"
        }
    }
}
