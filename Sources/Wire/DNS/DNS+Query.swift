extension DNS {
    /// Appends a query for one name and type: recursion desired, EDNS0 with `udpPayloadBytes`.
    ///
    /// - Parameter id: unpredictable, for the answer is known by it.
    ///
    /// Spec: RFC 1035 §4.1, RFC 6891 §6.1.
    public static func appendQuery(id: UInt16, _ name: Name, _ type: RecordType, to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + name.wire.count + fixedQueryBytes)
        appendBigEndian(id, to: &bytes)
        // Recursion desired; one question, no answer, no authority, one additional record.
        bytes.append(contentsOf: [0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1])
        bytes.append(contentsOf: name.wire)
        appendBigEndian(type.rawValue, to: &bytes)
        appendBigEndian(internet, to: &bytes)
        // OPT: the root's name; the payload in the place of a class; version and flags in that of a TTL; no options.
        bytes.append(0)
        appendBigEndian(RecordType.opt.rawValue, to: &bytes)
        appendBigEndian(udpPayloadBytes, to: &bytes)
        bytes.append(contentsOf: [0, 0, 0, 0, 0, 0])
    }

    /// The header, type and class of the question, and the OPT record.
    private static let fixedQueryBytes = 12 + 4 + 11
}
