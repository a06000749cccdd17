/// What a seal is made with: SHA-256, or its keyed form where the operator has a key.
struct SealHash: Sendable {
    private enum Kind: Sendable {
        case plain(SHA256)
        case keyed(HMAC)
    }

    private var kind: Kind

    /// - Parameter key: nil for a plain SHA-256.
    init(key: [UInt8]?) {
        kind = if let key { .keyed(HMAC(key: key)) } else { .plain(SHA256()) }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch kind {
        case .plain(var sha):
            sha.update(bytes)
            kind = .plain(sha)
        case .keyed(var hmac):
            hmac.update(bytes)
            kind = .keyed(hmac)
        }
    }

    consuming func finalize() -> Digest {
        switch kind {
        case .plain(let sha): sha.finalize()
        case .keyed(let hmac): hmac.finalize()
        }
    }
}
