import Addressing

/// The policy's leave to dial. Only a decision makes one, so whoever demands a permit cannot dial without a decision.
public struct Permit: Sendable {
    public let port: Port
    /// The addresses that may be dialled, in the order in which they were given, never empty. Nothing else may be
    /// dialled, and the name may not be looked up again.
    public let addresses: [IPAddress]
    /// Why; for a name, the verdict about the first of the addresses.
    public let verdict: Verdict

    init(request: Request, addresses: [IPAddress], verdict: Verdict) {
        port = request.port
        self.addresses = addresses
        self.verdict = verdict
    }
}
