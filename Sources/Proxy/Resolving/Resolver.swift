import Addressing
import EventLoop

/// Turns names into addresses, off the event loops.
public protocol Resolver: Sendable {
    /// What the record names when a look-up does not come to an end.
    var source: Resolution.Source { get }

    /// What it has been asked and has asked so far.
    var counts: ResolverCounts { get }

    /// The answer that is at hand without waiting; nil when there is none, and `resolve` is to be asked. Cheap, and never
    /// blocks.
    func known(_ name: HostName, at now: Instant) -> Resolution?

    /// Looks `name` up and calls `completion` once, on any queue. Never blocks the caller.
    func resolve(_ name: HostName, completion: @escaping @Sendable (Resolution) -> Void)
}

extension Resolver {
    public var source: Resolution.Source { .query }

    public var counts: ResolverCounts { ResolverCounts() }

    /// For a resolver that keeps nothing.
    public func known(_ name: HostName, at now: Instant) -> Resolution? { nil }
}
