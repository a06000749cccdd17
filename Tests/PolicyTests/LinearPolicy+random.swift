import Addressing

@testable import Policy

// Random policies and requests over so few names and addresses that they meet.

extension LinearPolicy {
    static func random(using random: inout SplitMix64) -> LinearPolicy {
        var policy = LinearPolicy()
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            var entries = Set((0..<Int.random(in: 0...12, using: &random)).map { _ in name(using: &random) })
            if Bool.random(using: &random) {
                entries.formUnion((0..<Int.random(in: 0...4, using: &random)).map { _ in prefix(using: &random) })
            }
            policy.lists.append(entries.sorted().shuffled(using: &random))
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let names = Set((0..<Int.random(in: 1...6, using: &random)).map { _ in name(using: &random) })
            policy.categories.append(names.sorted().shuffled(using: &random))
        }
        policy.nets = (0..<2).map { _ in [prefix(using: &random), "2001:db8::\(Int.random(in: 0...7, using: &random))"]
        }
        policy.groups = [["ann", "bob"], ["eve"]]
        policy.times = (0..<3).map { _ in time(using: &random) }
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            policy.rules.append(rule(of: policy, using: &random))
        }
        policy.isDefaultAllow = Bool.random(using: &random)
        return policy
    }

    static func name(using random: inout SplitMix64) -> String {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in ["a", "b", "c"].randomElement(using: &random)! }
            .joined(separator: ".")
    }

    static func address(using random: inout SplitMix64) -> String {
        let last = Int.random(in: 0...7, using: &random)
        return switch Int.random(in: 0...6, using: &random) {
        case 0: "2001:db8::\(last)"
        case 1: "64:ff9b::a00:\(last)"
        case 2: "2002:a00:\(last)::1"
        case 3: specialAddresses.randomElement(using: &random)!
        default: "10.0.0.\(last)"
        }
    }

    private static let specialAddresses = [
        "127.0.0.1", "::1", "169.254.169.254", "192.0.2.7", "198.51.101.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1",
        "::ffff:192.168.0.1", "2001:4860::1",
    ]

    static func prefix(using random: inout SplitMix64) -> String {
        let address = address(using: &random)
        guard Bool.random(using: &random), address.hasPrefix("10.") else { return address }
        return ["10.0.0.0/29", "10.0.0.0/30", "10.0.0.4/31", "10.0.0.0/8"].randomElement(using: &random)!
    }

    // MARK: - Private

    private static func time(using random: inout SplitMix64) -> Time {
        let days = [Int.random(in: 0...6, using: &random), Int.random(in: 0...6, using: &random)].sorted()
        let from = Int.random(in: 0...23, using: &random)
        let to = (from + Int.random(in: 1...23, using: &random)) % 24
        return Time(days: days[0]...days[1], from: from, to: to)
    }

    private static func rule(of policy: LinearPolicy, using random: inout SplitMix64) -> Rule {
        let absent = (policy.lists.isEmpty ? [2] : []) + (policy.categories.isEmpty ? [11] : [])
        var kinds = Array(0..<19).filter { !absent.contains($0) }.shuffled(using: &random)
            .prefix(Int.random(in: 1...3, using: &random)).map { $0 }
        // Two words without a value behind one keyword would be two conditions of one kind.
        if kinds.contains(7), kinds.contains(8) { kinds.removeAll { $0 == 7 } }
        if kinds.contains(5), kinds.contains(16) { kinds.removeAll { $0 == 5 } }
        // A network is one kind of condition, by name or by range.
        if kinds.contains(6), kinds.contains(12) { kinds.removeAll { $0 == 6 } }
        let conditions = kinds.map { kind in
            (
                test: test(kind, of: policy, using: &random),
                isNegated: kind != 17 && Int.random(in: 0...3, using: &random) == 0
            )
        }
        // A day alone asks nothing.
        guard kinds != [17] else { return rule(of: policy, using: &random) }
        return Rule(action: ["allow", "deny", "deny", "report"].randomElement(using: &random)!, conditions: conditions)
    }

    private static func test(_ kind: Int, of policy: LinearPolicy, using random: inout SplitMix64) -> Test {
        let count = Int.random(in: 1...3, using: &random)
        func some(of things: Int) -> [Int] { (0..<count).map { _ in Int.random(in: 0..<things, using: &random) } }
        switch kind {
        case 0: return .domain((0..<count).map { _ in name(using: &random) })
        case 1: return .host((0..<count).map { _ in name(using: &random) })
        case 2: return .list(some(of: policy.lists.count))
        case 3: return .ip((0..<count).map { _ in prefix(using: &random) })
        case 4: return .port([80...80, 443...450])
        case 5: return .literal
        case 6: return .net((0..<count).map { _ in prefix(using: &random) })
        case 7: return .user(["ann", "bob"])
        case 8: return .anonymous
        case 11: return .category(some(of: policy.categories.count))
        case 12: return .namedNet(some(of: policy.nets.count))
        case 13: return .group(some(of: policy.groups.count))
        case 14: return .during(some(of: policy.times.count))
        case 9: return .glob((0..<count).map { _ in name(using: &random).replacing("a", with: "*") })
        case 15: return .regex(Regex.allCases.randomElement(using: &random)!)
        case 16: return .special(Array(Special.allCases.shuffled(using: &random).prefix(count)))
        case 17: return .until(Int.random(in: 1...15, using: &random))
        case 18:
            return .sni(Array(["mismatch", "missing", "ech", "not-tls"].shuffled(using: &random).prefix(count)))
        default: return .by([.socks5, .connect])
        }
    }
}

extension Request {
    static func random(using random: inout SplitMix64) throws -> Request {
        let isName = Int.random(in: 0...3, using: &random) > 0
        return try Request(
            isName ? LinearPolicy.name(using: &random) : LinearPolicy.address(using: &random),
            port: [80, 443, 450, 22].randomElement(using: &random)!, from: LinearPolicy.address(using: &random),
            user: [nil, "ann", "eve"].randomElement(using: &random)!,
            by: Via.allCases.randomElement(using: &random)!, at: Int64.random(in: 0..<14 * 86_400, using: &random))
    }
}

extension TLSFacts {
    static func random(using random: inout SplitMix64) throws -> TLSFacts {
        guard case .name(let name) = try Host(LinearPolicy.name(using: &random)) else { return .notTLS }
        let hasEncryptedHello = Bool.random(using: &random)
        return switch Int.random(in: 0...4, using: &random) {
        case 0: .notTLS
        case 1: TLSFacts(serverName: .missing, hasEncryptedHello: hasEncryptedHello)
        case 2: TLSFacts(serverName: .invalid, hasEncryptedHello: hasEncryptedHello)
        default: TLSFacts(serverName: .name(name), hasEncryptedHello: hasEncryptedHello)
        }
    }
}
