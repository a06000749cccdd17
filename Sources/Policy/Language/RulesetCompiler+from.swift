import Addressing

// What rules ask of who asks, how, and of a tunnel's first bytes.

extension RulesetCompiler {
    mutating func nets(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var all: [AddressRange] = []
        for value in condition.values {
            if let net = syntax.nets[value.value] {
                use("net", value.value)
                all += net.value.compactMap { try? AddressRange(text: $0.value) }
            } else if value.value.contains(where: { $0 == "." || $0 == ":" || $0 == "/" }) {
                all += ranges([value])
            } else {
                fail(value.value, isNone: "net", of: syntax.nets.keys.sorted(), value.position)
            }
        }
        return .clients(addRanges(all))
    }

    mutating func users(_ users: [String]) -> Condition.Test? {
        operands.users.append(Set(users))
        return .users(operands.users.count - 1)
    }

    mutating func groups(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var members: [String] = []
        for value in condition.values {
            if let group = syntax.groups[value.value] {
                use("group", value.value)
                members += group.value.map(\.value)
            } else {
                fail(value.value, isNone: "group", of: syntax.groups.keys.sorted(), value.position)
            }
        }
        return users(members)
    }

    mutating func anonymous(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        condition.values.map(\.value) == ["anonymous"] ? .anonymous : unknown(condition)
    }

    mutating func via(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var ways: ViaSet = []
        for value in condition.values {
            switch value.value {
            case "socks": ways.formUnion([ViaSet(.socks4), ViaSet(.socks4a), ViaSet(.socks5)])
            case "socks4": ways.formUnion([ViaSet(.socks4), ViaSet(.socks4a)])
            default:
                if let way = Via(rawValue: value.value) {
                    ways.insert(ViaSet(way))
                } else {
                    fail(value.value, isNone: "way to ask", of: Self.kinds[.by] ?? [], value.position)
                }
            }
        }
        return .via(ways)
    }

    mutating func serverName(_ condition: PolicySyntax.Condition) -> Condition.Test? {
        var set: ServerNameSet = []
        for value in condition.values {
            if let word = ServerNameSet.words.first(where: { $0.key == value.value }) {
                set.insert(word.value)
            } else {
                fail(value.value, isNone: "condition behind \"sni\"", of: Self.kinds[.sni] ?? [], value.position)
            }
        }
        return .serverName(set)
    }
}
