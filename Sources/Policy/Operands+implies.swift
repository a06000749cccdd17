import Addressing

extension Operands {
    /// Whether a request for which one condition holds surely meets another. False where that isn't known.
    func implies(_ narrow: Condition, _ wide: Condition) -> Bool {
        guard narrow.isNegated == wide.isNegated else { return false }
        // What isn't in the wider isn't in the narrower.
        return narrow.isNegated ? isWithin(wide.test, narrow.test) : isWithin(narrow.test, wide.test)
    }

    /// Whether an address can make a condition hold.
    func meetsAddresses(_ condition: Condition) -> Bool {
        switch condition.test {
        case .addresses: true
        case .lists(let index): lists[index].contains { sources[$0].addresses.count > 0 }
        default: false
        }
    }

    // MARK: - Private

    private func isWithin(_ narrow: Condition.Test, _ wide: Condition.Test) -> Bool {
        switch (narrow, wide) {
        case (.names(let a), .names(let b)):
            spelledNames[a].allSatisfy { name in spelledNames[b].contains { $0.covers(name) } }
        case (.names(let a), .lists(let b)): spelledNames[a].allSatisfy { isOnList($0, lists[b]) }
        case (.names(let a), .globs(let b)):
            spelledNames[a].allSatisfy { name in
                !name.hasSubdomains && globs[b].contains { $0.matches(name.name.text.utf8.span) }
            }
        case (.lists(let a), .lists(let b)): Set(lists[a]).isSubset(of: lists[b])
        case (.globs(let a), .globs(let b)): Set(globs[a]).isSubset(of: globs[b])
        case (.regex(let a), .regex(let b)): regexes[a].pattern == regexes[b].pattern
        case (.addresses(let a), .addresses(let b)), (.clients(let a), .clients(let b)):
            ranges[a].isCovered(by: ranges[b])
        case (.ports(let a), .ports(let b)): ports[a].isCovered(by: ports[b])
        case (.users(let a), .users(let b)): users[a].isSubset(of: users[b])
        case (.via(let a), .via(let b)): a.isSubset(of: b)
        case (.serverName(let a), .serverName(let b)): a.isSubset(of: b)
        case (.during(let a), .during(let b)): schedules[a].allSatisfy { schedules[b].contains($0) }
        case (.until(let a), .until(let b)): a <= b
        case (.ipLiteral, .ipLiteral), (.anonymous, .anonymous): true
        default: false
        }
    }

    private func isOnList(_ name: SpelledName, _ numbers: ArraySlice<Int>) -> Bool {
        NameDigest.of(.name(name.name)) { isOnList(name, $0, numbers) }
    }

    private func isOnList(_ name: SpelledName, _ suffixes: Span<UInt64>, _ numbers: ArraySlice<Int>) -> Bool {
        for number in numbers {
            guard let hit = sources[number].domains.find(suffixes), !hit.kind.contains(.exception) else { continue }
            // A list with exceptions may take back some of what is below the name.
            if !name.hasSubdomains || hit.kind.contains(.below) && !sources[number].domains.hasExceptions {
                return true
            }
        }
        return false
    }
}
