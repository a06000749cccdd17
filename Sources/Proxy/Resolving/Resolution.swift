import Addressing

/// What a look-up came to, and where that is from.
public struct Resolution: Hashable, Sendable {
    public enum Answer: Hashable, Sendable {
        /// At least one address, each once. Connecting tries them family by family in turn; within a family in this order.
        case addresses([IPAddress])
        /// The name does not exist, or has no address.
        case notFound
        /// The name servers fail or can't be reached.
        case failed
        /// The name servers are silent, or the look-up has waited too long for its turn.
        case timedOut
    }

    /// The raw value stands in the log.
    public enum Source: String, Sendable, CaseIterable {
        /// An answer of a name server that is still valid.
        case cache
        /// A name server was asked for this request, or for another one that asked the same.
        case query
        /// `/etc/hosts`, or what a name means by convention (`localhost`).
        case hosts
        /// An answer of a name server whose time is over, while all of them are silent.
        case stale
        /// The C library.
        case system
    }

    public let answer: Answer
    public let source: Source
    /// The name to which the answer belongs, where the search list made it out of a short one. A policy has to agree to
    /// it too.
    public let fullName: HostName?

    public init(_ answer: Answer, from source: Source, fullName: HostName? = nil) {
        self.answer = answer
        self.source = source
        self.fullName = fullName
    }
}
