import Addressing

extension ListBuilder {
    /// An address that leads nowhere and the names that are sent there, then perhaps a comment.
    mutating func readHosts(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let entry = text.extracting(text.trimmed(before: UInt8(ascii: "#")))
        var index = 0
        guard let first = entry.word(at: &index), let sink = IPAddress(parsing: entry.extracting(first)) else {
            return .malformed("a line of a hosts file begins with an address")
        }
        guard sink.isSink else { return .notApplicable("gives a host its address; blocking ones say 0.0.0.0") }
        var outcome = LineOutcome()
        while let word = entry.word(at: &index) {
            let name = entry.extracting(word)
            let isOwn = Self.isOfTheMachine(name)
            outcome.add(isOwn ? .notApplicable("a name of the machine itself") : add(host: name, match, line))
        }
        return outcome.line
    }

    /// Names that every `/etc/hosts` holds for the machine's own use; a block list that has them kept them from there.
    private static func isOfTheMachine(_ name: Span<UInt8>) -> Bool {
        switch name[0] {
        case UInt8(ascii: "l"):
            name.equals("localhost") || name.equals("localhost.localdomain") || name.equals("local")
                || name.equals("localdomain")
        case UInt8(ascii: "b"): name.equals("broadcasthost")
        case UInt8(ascii: "i"):
            name.equals("ip6-localhost") || name.equals("ip6-loopback") || name.equals("ip6-localnet")
                || name.equals("ip6-mcastprefix") || name.equals("ip6-allnodes") || name.equals("ip6-allrouters")
                || name.equals("ip6-allhosts")
        default: false
        }
    }
}

extension IPAddress {
    /// Whether block lists send names there: the unspecified and the loopback addresses.
    var isSink: Bool {
        isUnspecified || self == .loopbackV6 || v4Bits.map { $0 >> 24 == 127 } ?? false
    }
}
