import Addressing

/// Turns names into addresses, off the event loops.
public protocol Resolver: Sendable {
    /// Looks `name` up and calls `completion` once, on any queue. Never blocks the caller.
    func resolve(_ name: HostName, completion: @escaping @Sendable (Resolution) -> Void)
}

/// What a look-up came to.
public enum Resolution: Sendable {
    /// At least one address, in the order in which they should be tried, each once.
    case addresses([IPAddress])
    /// The name does not exist, or has no address.
    case notFound
    /// The name servers fail or can't be reached.
    case failed
    /// The name servers are silent, or the look-up has waited too long for its turn.
    case timedOut
}
