/// Which limit of ours turned a request away. The raw value stands in the metrics.
enum ReachedLimit: String, CaseIterable, Sendable {
    /// Of connections in all.
    case connections
    /// Of connections of one client.
    case client
    /// Of a user's tunnels and requests.
    case user
    /// Of a client's requests a second.
    case rate
    case memory
    /// The process's or the system's descriptors are used up.
    case descriptors
    /// No local port is left for that destination.
    case ports
    /// Passwords wait to be verified, as many as may.
    case passwords
    /// Pages that take long are being made, as many as may.
    case pages
}
