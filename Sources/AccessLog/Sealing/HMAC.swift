/// A keyed SHA-256 of bytes that come in pieces.
///
/// Spec: RFC 2104, FIPS 198-1.
public struct HMAC: Sendable {
    private var inner: SHA256
    private let outer: SHA256

    /// - Parameter key: of any length; longer than 64 bytes, its digest is the key.
    public init(key: [UInt8]) {
        var padded = key
        if key.count > 64 {
            var digest = SHA256()
            digest.update(key.span)
            padded = digest.finalize().bytes
        }
        padded.append(contentsOf: repeatElement(0, count: 64 - padded.count))
        self.inner = Self.begun(padded, 0x36)
        self.outer = Self.begun(padded, 0x5c)
    }

    public mutating func update(_ bytes: Span<UInt8>) {
        inner.update(bytes)
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        inner.update(bytes)
    }

    /// The code of what was taken so far. To go on after it, go on with a copy.
    public consuming func finalize() -> Digest {
        var outer = outer
        let digest = inner.finalize().bytes
        outer.update(digest.span)
        return outer.finalize()
    }

    // MARK: - Private

    private static func begun(_ key: [UInt8], _ pad: UInt8) -> SHA256 {
        let block = key.map { $0 ^ pad }
        var sha = SHA256()
        sha.update(block.span)
        return sha
    }
}
