import Addressing

/// Which rules are worth looking at for a name and an address: a policy of ten thousand rules for as many names costs a
/// request no more than one of ten.
///
/// A rule is found by its anchor: a condition of names, or else one of addresses, that isn't turned around. A rule without
/// one is always looked at. Being found says nothing yet: the rule's conditions are tested as ever.
struct RuleIndex: ~Copyable, Sendable {
    /// Those always looked at once an address is known.
    private let always: RuleSet
    /// Those always looked at before. A rule anchored by addresses that denies or reports says nothing until one is
    /// known, one that allows keeps the name from being denied.
    private let alwaysByName: RuleSet
    /// The line of an entry is the number of its group, from 1.
    private let names: DomainTable
    private let rulesOfGroup: [[UInt32]]
    /// The line of a range is the number of its class, from 1.
    private let addresses: RangeTable
    private let rulesOfClass: [[UInt32]]

    init(_ rules: [Rule], _ conditions: [Condition], _ operands: borrowing Operands) {
        var always = RuleSet(capacity: rules.count)
        var alwaysByName = always
        var names: [SpelledName: [UInt32]] = [:]
        var classes = AddressClasses()
        for rule in rules {
            switch Self.anchor(of: rule, conditions) {
            case .names(let index):
                for name in operands.spelledNames[index] { names[name, default: []].append(rule.number) }
            case .addresses(let index):
                classes.add(operands.ranges[index], rule: rule.number)
                if rule.action == .allow { alwaysByName.insert(rule.number) }
            default:
                always.insert(rule.number)
                alwaysByName.insert(rule.number)
            }
        }
        self.always = always
        self.alwaysByName = alwaysByName
        (addresses, rulesOfClass) = classes.build()
        var builder = DomainTable.Builder(expected: names.count)
        var scanner = NameScanner()
        var groups: [[UInt32]] = []
        for (spelled, rules) in names {
            groups.append(rules)
            scanner.take(spelled.name)
            _ = builder.insert(
                scanner.hash(), kind: spelled.hasSubdomains ? .suffix : .exact, line: UInt32(groups.count),
                labels: scanner.labelCount, isMergingDuplicates: false)
        }
        self.names = builder.build()
        rulesOfGroup = groups
    }

    /// The rules to look at.
    ///
    /// - Parameters:
    ///   - name: the hashes of the suffixes of the host's name.
    ///   - address: nil while none is known.
    func candidates(_ name: Span<UInt64>, _ address: IPAddress?) -> RuleSet {
        var set = address == nil ? alwaysByName : always
        names.forEachCovering(name) { hit in
            for rule in rulesOfGroup[Int(hit.line) - 1] { set.insert(rule) }
        }
        if let address {
            address.forEachMeant { address in
                guard let number = addresses.find(address) else { return }
                for rule in rulesOfClass[Int(number) - 1] { set.insert(rule) }
            }
        }
        return set
    }

    // MARK: - Private

    private static func anchor(of rule: Rule, _ conditions: [Condition]) -> Condition.Test? {
        let own = conditions[rule.conditions].filter { !$0.isNegated }.map(\.test)
        let names = own.first { if case .names = $0 { true } else { false } }
        return names ?? own.first { if case .addresses = $0 { true } else { false } }
    }
}

extension IPAddress {
    /// Calls `body` with the address and with those that it stands for: the IPv4 addresses that it carries, and for the
    /// unspecified address the loopback, where Linux takes a connection to it.
    @inline(__always)
    func forEachMeant(_ body: (IPAddress) -> Void) {
        body(self)
        if isUnspecified {
            body(isV4 ? .loopbackV4 : .loopbackV6)
        } else if !isV4 {
            for carried in judged where carried != self { body(carried) }
        }
    }
}

extension IPAddress {
    /// Whether `forEachMeant` tells of more than the address itself.
    var standsForOthers: Bool { !isV4 || isUnspecified }
}
