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
        var made: ListLine?
        var ignored: ListLine?
        while let word = entry.word(at: &index) {
            let name = entry.extracting(word)
            if Self.isOfTheMachine(name) {
                ignored = .notApplicable("a name of the machine itself")
                continue
            }
            switch add(host: name, match, line) {
            case .malformed(let why): return .malformed(why)
            case .notApplicable(let why): ignored = .notApplicable(why)
            case .entry, .blank: made = .entry
            }
        }
        return made ?? ignored ?? .malformed("no name behind the address")
    }

    /// Names that every `/etc/hosts` holds for the machine's own use; a block list that has them kept them from there.
    private static func isOfTheMachine(_ name: Span<UInt8>) -> Bool {
        let own: InlineArray<11, StaticString> = [
            "localhost", "localhost.localdomain", "local", "localdomain", "ip6-localhost", "ip6-loopback",
            "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts",
        ]
        for index in own.indices where name.count == own[index].utf8CodeUnitCount && name.starts(with: own[index]) {
            return true
        }
        return false
    }
}

extension IPAddress {
    /// Whether block lists send names there: the unspecified and the loopback addresses.
    fileprivate var isSink: Bool {
        isUnspecified || self == .loopbackV6 || v4Bits.map { $0 >> 24 == 127 } ?? false
    }
}
