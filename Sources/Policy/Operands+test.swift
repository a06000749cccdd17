import Addressing

extension Operands {
    /// Whether conditions all hold.
    ///
    /// - Parameters:
    ///   - name: the hashes of the suffixes of the host's name.
    ///   - address: the one to look at, if any is known.
    ///   - entry: the list entry that made a condition hold, the first one's.
    func test(
        _ conditions: [Condition], _ range: Range<Int>, _ request: Request, _ name: Span<UInt64>,
        _ address: IPAddress?, _ entry: inout EntryReference?
    ) -> Truth {
        var all = Truth.yes
        entry = nil
        for index in range {
            let condition = conditions[index]
            let truth = test(condition.test, isNegated: condition.isNegated, request, name, address, &entry)
            switch condition.isNegated ? !truth : truth {
            case .no: return .no
            case .maybe: all = .maybe
            case .yes: continue
            }
        }
        return all
    }

    /// Whether a condition holds, before it is perhaps turned around.
    func test(
        _ test: Condition.Test, isNegated: Bool, _ request: Request, _ name: Span<UInt64>, _ address: IPAddress?,
        _ entry: inout EntryReference?
    ) -> Truth {
        switch test {
        case .names(let index): return Truth(names[index].find(name) != nil)
        case .lists(let index):
            var found: EntryReference?
            let truth = self.test(lists: lists[index], name, address, &found)
            if let found, entry == nil, !isNegated { entry = found }
            return truth
        case .addresses(let index):
            guard let address else { return .maybe }
            return Truth(ranges[index].find(address) != nil)
        case .ipLiteral: return Truth(name.isEmpty)
        case .ports(let index): return Truth(ports[index].find(request.port.rawValue) != nil)
        case .clients(let index): return Truth(ranges[index].find(request.client) != nil)
        case .users(let index): return Truth(request.user.map { users[index].contains($0) } ?? false)
        case .anonymous: return Truth(request.user == nil)
        case .via(let ways): return Truth(ways.contains(ViaSet(request.via)))
        }
    }

    // MARK: - Private

    private func test(
        lists: [Int], _ name: Span<UInt64>, _ address: IPAddress?, _ entry: inout EntryReference?
    ) -> Truth {
        var truth = Truth.no
        for index in lists {
            if let hit = sources[index].domains.find(name), !hit.kind.contains(.exception) {
                entry = EntryReference(source: UInt32(index), line: hit.line, labels: UInt8(hit.labels))
                return .yes
            }
            guard sources[index].addresses.count > 0 else { continue }
            guard let address else {
                truth = .maybe
                continue
            }
            if let line = sources[index].addresses.find(address) {
                entry = EntryReference(source: UInt32(index), line: line, labels: 0)
                return .yes
            }
        }
        return truth
    }
}
