import Addressing

extension Operands {
    /// Whether conditions all hold.
    ///
    /// - Parameters:
    ///   - name: the hashes of the suffixes of the host's name.
    ///   - entry: the list entry that made a condition hold, the first one's.
    func test(
        _ conditions: [Condition], _ range: Range<Int>, _ request: Request, _ name: Span<UInt64>, _ facts: Facts,
        _ entry: inout EntryReference?
    ) -> Truth {
        var all = Truth.yes
        entry = nil
        for index in range {
            var found: EntryReference?
            switch test(conditions[index], request, name, facts, &found) {
            case .no: return .no
            case .maybe: all = .maybe
            case .yes: if entry == nil { entry = found }
            }
        }
        return all
    }

    /// Whether one condition holds.
    func test(
        _ condition: Condition, _ request: Request, _ name: Span<UInt64>, _ facts: Facts,
        _ entry: inout EntryReference?
    ) -> Truth {
        let truth = test(condition.test, request, name, facts, &entry)
        guard condition.isNegated else { return truth }
        entry = nil
        return !truth
    }

    // MARK: - Private

    private func test(
        _ test: Condition.Test, _ request: Request, _ name: Span<UInt64>, _ facts: Facts,
        _ entry: inout EntryReference?
    ) -> Truth {
        switch test {
        case .names(let index): return Truth(names[index].find(name) != nil)
        case .lists(let range): return self.test(lists: range, request, name, facts.address, &entry)
        case .globs(let index): return Truth(request.host.matches(globs[index]))
        case .regex(let index):
            guard case .name(let name) = request.host else { return .no }
            return Truth(regexes[index].matches(name.text))
        case .addresses(let index):
            guard let address = facts.address else { return .maybe }
            return Truth(ranges[index].find(address) != nil)
        case .ipLiteral: return Truth(name.isEmpty)
        case .ports(let index): return Truth(ports[index].find(request.port.rawValue) != nil)
        case .clients(let index): return Truth(ranges[index].find(request.client) != nil)
        case .users(let index): return Truth(request.user.map { users[index].contains($0) } ?? false)
        case .anonymous: return Truth(request.user == nil)
        case .via(let ways): return Truth(ways.contains(ViaSet(request.via)))
        case .serverName(let tests): return Truth(facts.tls.map { tests.holds(request.host, $0) } ?? false)
        case .during(let index): return Truth(schedules[index].contains { $0.contains(request.time) })
        case .until(let end): return Truth(request.time < end)
        }
    }

    private func test(
        lists range: Range<Int>, _ request: Request, _ name: Span<UInt64>, _ address: IPAddress?,
        _ entry: inout EntryReference?
    ) -> Truth {
        var truth = Truth.no
        for place in range {
            let index = lists[place]
            if let hit = sources[index].find(request.host, name), !hit.kind.contains(.exception) {
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

extension Host {
    fileprivate func matches(_ globs: [Glob]) -> Bool {
        guard case .name(let name) = self else { return false }
        let text = name.text.utf8.span
        for glob in globs where glob.matches(text) { return true }
        return false
    }
}
