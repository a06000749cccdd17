extension Host {
    /// Whether `bytes` are this host in its normal form, letter for letter. If not, the log has the raw spelling too.
    ///
    /// - Parameter bytes: what the host was made of, without brackets; see `Authority.hostRange(in:)`.
    public func isSpelled(_ bytes: Span<UInt8>) -> Bool {
        switch self {
        case .name(let name):
            return Self.equal(name.text.utf8, bytes)
        case .address(let address) where address.isV4:
            // A dotted quad has one spelling; all others are those of an IPv6 address that carries it.
            return !bytes.indices.contains { bytes[$0] == UInt8(ascii: ":") }
        case .address(let address):
            var text: [UInt8] = []
            address.append(to: &text)
            return Self.equal(text, bytes)
        }
    }

    private static func equal(_ text: some Collection<UInt8>, _ bytes: Span<UInt8>) -> Bool {
        guard text.count == bytes.count else { return false }
        var index = 0
        for byte in text {
            guard byte == bytes[index] else { return false }
            index += 1
        }
        return true
    }
}
