/// What one round of a measurement gave. Units are the section's.
struct Sample: Sendable {
    /// Operations or gigabytes a second.
    var rate: Double?
    /// The contender's processor time for each operation or gigabyte.
    var cost: Double?
    /// The load's own processor time for each, origin and clients together.
    var loadCost: Double?
    /// Seconds.
    var median: Double?
    var percentile99: Double?
    var longest: Double?
    /// Bytes.
    var memory: Double?
    var errors = 0
    var firstError: String?
}
