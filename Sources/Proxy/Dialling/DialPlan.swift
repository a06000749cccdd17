import Addressing
import EventLoop
import Policy

/// Which address is tried next, and how long it may take: the dialler without its sockets.
struct DialPlan {
    /// An attempt that came to nothing.
    struct Failure {
        let address: IPAddress
        let error: Errno
        /// How long it took.
        let microseconds: Int64
    }

    private let addresses: [IPAddress]
    private let port: Port
    private let timeout: Duration
    private var tried = 0
    private var attemptStart = Instant(nanoseconds: 0)
    private(set) var failures: [Failure] = []

    /// - Parameter timeout: for all attempts together; each gets an equal share of it, so that a silent first address
    ///   leaves time for the others.
    init(_ permit: Permit, timeout: Duration) {
        addresses = permit.addresses
        port = permit.port
        self.timeout = timeout
    }

    /// The next address to try; nil when all have failed.
    mutating func next(at now: Instant) -> Endpoint? {
        guard tried < addresses.count else { return nil }
        tried += 1
        attemptStart = now
        return Endpoint(addresses[tried - 1], port)
    }

    /// How long one attempt may take.
    var attemptTimeout: Duration {
        timeout / max(1, addresses.count)
    }

    mutating func failed(_ error: Errno, at now: Instant) {
        let address = addresses[tried - 1]
        failures.append(Failure(address: address, error: error, microseconds: now.microseconds(since: attemptStart)))
    }
}
