import Addressing

/// A request while it is being judged: with one address, or with none known yet.
struct Subject: ~Copyable {
    let request: Request
    /// The hashes of the host's suffixes; no labels when the host is an address.
    let name: NameDigest
    /// The address in question: the host itself, or one that its name resolved to. Nil until it is known.
    var address: IPAddress?

    init(_ request: Request) {
        self.request = request
        switch request.host {
        case .name(let hostName):
            var scanner = NameScanner()
            scanner.take(hostName)
            name = scanner.digest()
            address = nil
        case .address(let literal):
            name = NameDigest()
            address = literal
        }
    }
}
