import Addressing

extension Operands {
    /// Whether a condition holds for a request.
    ///
    /// - Parameters:
    ///   - address: the one to look at, if any is known; not always the subject's own (see `Ruleset.truth`).
    ///   - entry: set to the list entry that made the condition hold.
    func test(
        _ condition: Condition, _ subject: borrowing Subject, _ address: IPAddress?, _ entry: inout EntryReference?
    ) -> Truth {
        var found: EntryReference?
        let truth: Truth =
            switch condition.test {
            case .names(let index): Truth(names[index].find(subject.name) != nil)
            case .lists(let index): test(lists: lists[index], subject, address, &found)
            case .addresses(let index): address.map { Truth(ranges[index].find($0) != nil) } ?? .maybe
            case .special(let ranges):
                address.map { address in Truth(ranges.contains { $0.contains(address) }) } ?? .maybe
            case .ipLiteral: Truth(subject.name.labelCount == 0)
            case .ports(let index): Truth(ports[index].contains { $0.contains(subject.request.port.rawValue) })
            case .clients(let index): Truth(ranges[index].find(subject.request.client) != nil)
            case .users(let index): Truth(subject.request.user.map { users[index].contains($0) } ?? false)
            case .anonymous: Truth(subject.request.user == nil)
            case .via(let ways): Truth(ways.contains(subject.request.via))
            }
        if condition.isNegated { return !truth }
        if let found, entry == nil { entry = found }
        return truth
    }

    // MARK: - Private

    private func test(
        lists: [Int], _ subject: borrowing Subject, _ address: IPAddress?, _ entry: inout EntryReference?
    ) -> Truth {
        var truth = Truth.no
        for index in lists {
            let source = sources[index]
            if let hit = source.domains.find(subject.name), !hit.kind.contains(.exception) {
                entry = EntryReference(source: UInt32(index), line: hit.line, labels: UInt8(hit.labels))
                return .yes
            }
            guard source.addresses.count > 0 else { continue }
            guard let address else {
                truth = .maybe
                continue
            }
            if let line = source.addresses.find(address) {
                entry = EntryReference(source: UInt32(index), line: line, labels: 0)
                return .yes
            }
        }
        return truth
    }
}
