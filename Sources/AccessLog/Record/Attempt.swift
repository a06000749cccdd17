import Addressing

/// One try at connecting to one address.
public struct Attempt: Hashable, Sendable {
    public let address: IPAddress
    /// `ok` if the connection came about.
    public let outcome: Outcome
    /// The `errno` of a failure, 0 otherwise.
    public let errorNumber: Int32
    /// Microseconds from the SYN to its end.
    public let duration: Int64

    public init(address: IPAddress, outcome: Outcome, errorNumber: Int32 = 0, duration: Int64) {
        self.address = address
        self.outcome = outcome
        self.errorNumber = errorNumber
        self.duration = duration
    }
}
