import Addressing

/// The settings of dnsmasq that speak of whole domains.
enum DnsmasqSetting: CaseIterable {
    case address
    case local
    case server

    var prefix: StaticString {
        switch self {
        case .address: "address=/"
        case .local: "local=/"
        case .server: "server=/"
        }
    }
}

extension ListBuilder {
    /// `address=/name/…` with an address that leads nowhere, `local=/name/`, `server=/name/` block; `server=/name/` with a
    /// server, or `#`, lets through. All mean the sub-domains too.
    mutating func readDnsmasq(_ text: Span<UInt8>, _ line: UInt32) -> ListLine {
        if Self.isComment(text) { return .blank }
        let content = text.extracting(text.content(before: UInt8(ascii: "#")))
        for setting in DnsmasqSetting.allCases where content.starts(with: setting.prefix) {
            let rest = content.extracting(setting.prefix.utf8CodeUnitCount..<content.count)
            var end = rest.count
            while end > 0, rest[end - 1] != UInt8(ascii: "/") { end -= 1 }
            guard end > 0 else { return .malformed("the / behind the name is missing") }
            let target = rest.extracting(end..<rest.count)
            guard let kind = Self.kind(setting, target) else {
                return .notApplicable("gives a name its address; blocking ones say #")
            }
            return addNames(rest.extracting(0..<end - 1), kind, line)
        }
        return .notApplicable("a setting of dnsmasq that blocks nothing")
    }

    // MARK: - Private

    private static func kind(_ setting: DnsmasqSetting, _ target: Span<UInt8>) -> DomainTable.Kind? {
        switch setting {
        case .address:
            guard target.count > 0, !target.equals("#") else { return .suffix }
            return IPAddress(parsing: target)?.isSink == true ? .suffix : nil
        case .local, .server: return target.count == 0 ? .suffix : [.suffix, .exception]
        }
    }

    /// Names with `/` between them.
    private mutating func addNames(_ names: Span<UInt8>, _ kind: DomainTable.Kind, _ line: UInt32) -> ListLine {
        var outcome = LineOutcome()
        var start = 0
        for index in 0...names.count where index == names.count || names[index] == UInt8(ascii: "/") {
            let name = names.extracting(start..<index)
            start = index + 1
            if name.starts(with: "*.") {
                outcome.add(add(host: name.extracting(2..<name.count), kind.subtracting(.exact), line))
            } else if name.starts(with: ".") {
                outcome.add(add(host: name.extracting(1..<name.count), kind, line))
            } else {
                outcome.add(add(host: name, kind, line))
            }
        }
        return outcome.line
    }
}
