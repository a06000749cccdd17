extension HostName {
    /// A name as a person writes it in a policy: labels outside ASCII become their `xn--` form.
    ///
    /// Bytes from the wire never come here: a raw name outside ASCII is refused there.
    ///
    /// - Throws: `HostError`; `unmappedCharacter` for what has no one spelling in DNS. See `ULabel` for the mapping.
    ///
    /// Spec: RFC 5890, RFC 5891 §4, RFC 3492.
    public init(unicode text: some StringProtocol) throws(HostError) {
        var bytes: [UInt8] = []
        for (index, label) in text.split(separator: ".", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ".")) }
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                bytes.append(contentsOf: label.utf8)
            } else {
                try Self.append(label.lowercased(), to: &bytes)
            }
        }
        try self.init(parsing: bytes.span)
    }

    private static func append(_ label: String, to bytes: inout [UInt8]) throws(HostError) {
        let scalars = Array(label.unicodeScalars)
        // Each scalar takes at least one byte of the encoded label, so that nothing long is worked on.
        guard scalars.count <= 63 else { throw .labelTooLong }
        if let fault = ULabel.firstFault(scalars) { throw .unmappedCharacter(fault) }
        guard let encoded = Punycode.encode(scalars), encoded.count <= 59 else { throw .labelTooLong }
        bytes.append(contentsOf: "xn--".utf8)
        bytes.append(contentsOf: encoded)
    }
}
