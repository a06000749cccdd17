import Addressing

/// What has come to be known of a request since it was made.
struct Facts {
    /// The address in question: the host itself, or one that its name resolved to. Nil until it is known.
    var address: IPAddress?
    /// Nil until the tunnel's first bytes are there: no rule with `sni` matches before.
    var tls: TLSFacts?
}
