import Addressing

@testable import Policy

/// A policy as a reader understands it, line by line and entry by entry: the slow and plain counterpart of `Ruleset`.
struct LinearPolicy {
    enum Test {
        case domain([String])
        case host([String])
        case glob([String])
        case list([Int])
        /// Of the folder `u`.
        case category([Int])
        case ip([String])
        case port([ClosedRange<UInt16>])
        case literal
        case net([String])
        case namedNet([Int])
        case user([String])
        case group([Int])
        case anonymous
        case by([Via])
        case during([Int])
        case regex(Regex)
        case special([Special])
        /// A day of January 1970, the last on which the rule holds.
        case until(Int)
        case sni([String])
    }

    /// Hours of some days of the week, Sunday being 0; an end that is not behind the beginning is on the next day. UTC.
    struct Time {
        let days: ClosedRange<Int>
        let from: Int
        let to: Int

        var text: String {
            let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            return "\(names[days.lowerBound])-\(names[days.upperBound]) \(from):00-\(to):00 zone UTC"
        }

        func contains(_ time: Int64) -> Bool {
            // The epoch was a Thursday.
            let (day, hour) = (Int(time / 86_400 + 4) % 7, Int(time / 3600 % 24))
            if to > from { return days.contains(day) && hour >= from && hour < to }
            return days.contains(day) && hour >= from || days.contains((day + 6) % 7) && hour < to
        }
    }

    struct Rule {
        let action: String
        let conditions: [(test: Test, isNegated: Bool)]
    }

    /// Lists of names (with their sub-domains) and addresses, by line.
    var lists: [[String]] = []
    /// Lists of names alone.
    var categories: [[String]] = []
    var nets: [[String]] = []
    var groups: [[String]] = []
    var times: [Time] = []
    var rules: [Rule] = []
    var isDefaultAllow = true

    /// The policy and its lists, by name.
    var files: [String: String] {
        var files = ["policy.conf": text]
        for (number, list) in lists.enumerated() { files["l\(number).txt"] = list.map { $0 + "\n" }.joined() }
        for (number, list) in categories.enumerated() {
            files["u/k\(number)/domains"] = list.map { $0 + "\n" }.joined()
        }
        return files
    }

    /// The policy's first lines.
    private var definitions: [String] {
        lists.indices.map { "list l\($0) l\($0).txt format domains" } + (categories.isEmpty ? [] : ["list u u/"])
            + nets.enumerated().map { "net n\($0) \($1.joined(separator: " "))" }
            + groups.enumerated().map { "group g\($0) \($1.joined(separator: " "))" }
            + times.enumerated().map { "time t\($0) \($1.text)" }
    }

    private func place(_ rule: Int) -> String {
        "policy.conf:\(rule + definitions.count + 1)"
    }

    /// The policy's text.
    var text: String {
        var lines = definitions
        lines += rules.map { rule in
            return rule.action
                + ["to", "from", "by", "sni", "during", "until"].map { section in
                    let words = rule.conditions.filter { Self.section($0.test) == section }.map(Self.text)
                    return words.isEmpty ? "" : " \(section) " + words.joined(separator: " ")
                }.joined()
        }
        lines.append("default " + (isDefaultAllow ? "allow" : "deny"))
        return lines.joined(separator: "\n") + "\n"
    }

    /// As `Ruleset.answer`.
    func answer(_ request: Request, resolvingTo addresses: [IPAddress]) -> [String] {
        if case .address(let address) = request.host { return [verdict(request, address).text] }
        if let denial = denialByName(request) { return [denial] }
        var texts: [String] = []
        var permitted: [IPAddress] = []
        var first: String?
        for address in addresses {
            let verdict = verdict(request, address)
            if verdict.isAllowed {
                permitted.append(address)
                first = first ?? verdict.text
            } else {
                texts.append("\(address) " + verdict.text)
            }
        }
        if let first { texts.append(permitted.map(\.description).joined(separator: " ") + " " + first) }
        return texts.isEmpty ? ["resolve"] : texts
    }

    // MARK: - Private

    /// As `Ruleset.judge` of a tunnel's first bytes.
    func answer(_ request: Request, dialled address: IPAddress, _ tls: TLSFacts) -> String {
        verdict(request, address, tls).text
    }

    private func verdict(
        _ request: Request, _ address: IPAddress, _ tls: TLSFacts? = nil
    ) -> (isAllowed: Bool, text: String) {
        var reports = ""
        for (index, rule) in rules.enumerated() {
            var (holds, entry) = holds(rule, request, address, tls)
            if holds == false, rule.action != "allow" {
                for carried in address.judged where carried != address && holds == false {
                    (holds, entry) = self.holds(rule, request, carried, tls)
                }
            }
            guard holds == true else { continue }
            if rule.action == "report" {
                reports += " report \(place(index))"
            } else {
                let text =
                    "\(rule.action) \(place(index))" + (entry.map { " " + $0 } ?? "") + reports
                return (rule.action == "allow", text)
            }
        }
        return (
            isDefaultAllow,
            "\(isDefaultAllow ? "allow" : "deny") \(place(rules.count))" + reports
        )
    }

    private func denialByName(_ request: Request) -> String? {
        var reports = ""
        for (index, rule) in rules.enumerated() {
            let (holds, entry) = holds(rule, request, nil, nil)
            switch (holds, rule.action) {
            case (false, _), (nil, "report"), (nil, "deny"): continue
            case (_, "allow"): return nil
            case (_, "report"): reports += " report \(place(index))"
            default: return "deny \(place(index))" + (entry.map { " " + $0 } ?? "") + reports
            }
        }
        return isDefaultAllow ? nil : "deny \(place(rules.count))" + reports
    }

    private func holds(
        _ rule: Rule, _ request: Request, _ address: IPAddress?, _ tls: TLSFacts?
    ) -> (holds: Bool?, entry: String?) {
        if tls == nil, rule.conditions.contains(where: { Self.section($0.test) == "sni" }) { return (false, nil) }
        var result: Bool? = true
        var cited: String?
        for condition in rule.conditions {
            var (holds, entry) = self.holds(condition.test, request, address, tls)
            if condition.isNegated {
                holds = holds.map { !$0 }
                entry = nil
            }
            if holds == false { return (false, nil) }
            if holds == nil { result = nil }
            cited = cited ?? entry
        }
        return (result, cited)
    }

    private func holds(
        _ test: Test, _ request: Request, _ address: IPAddress?, _ tls: TLSFacts?
    ) -> (Bool?, String?) {
        let name = if case .name(let name) = request.host { name.text } else { "" }
        switch test {
        case .domain(let domains): return (domains.contains { Self.covers($0, name) }, nil)
        case .host(let hosts): return (hosts.contains(name), nil)
        case .glob(let globs): return (!name.isEmpty && globs.contains { Self.matches($0[...], name[...]) }, nil)
        case .list(let numbers):
            var isUnknown = false
            for number in numbers {
                let covering = lists[number].enumerated().filter { Self.covers($1, name) }
                if let longest = covering.max(by: { $0.element.count < $1.element.count }) {
                    return (true, "l\(number).txt:\(longest.offset + 1)")
                }
                let prefixes = lists[number].enumerated().compactMap { line, text in IPPrefix(text).map { (line, $0) } }
                guard let address else {
                    isUnknown = isUnknown || !prefixes.isEmpty
                    continue
                }
                let holding = prefixes.filter { $0.1.contains(address) }
                if let longest = holding.max(by: { $0.1.mappedLength < $1.1.mappedLength }) {
                    return (true, "l\(number).txt:\(longest.0 + 1)")
                }
            }
            return (isUnknown ? nil : false, nil)
        case .category(let numbers):
            for number in numbers {
                let covering = categories[number].enumerated().filter { Self.covers($1, name) }
                if let longest = covering.max(by: { $0.element.count < $1.element.count }) {
                    return (true, "u/k\(number)/domains:\(longest.offset + 1)")
                }
            }
            return (false, nil)
        case .ip(let prefixes):
            return (address.map { address in prefixes.contains { IPPrefix($0)!.contains(address) } }, nil)
        case .port(let ranges): return (ranges.contains { $0.contains(request.port.rawValue) }, nil)
        case .literal: return (name.isEmpty, nil)
        case .net(let prefixes): return (prefixes.contains { IPPrefix($0)!.contains(request.client) }, nil)
        case .namedNet(let numbers):
            return (numbers.contains { nets[$0].contains { IPPrefix($0)!.contains(request.client) } }, nil)
        case .group(let numbers):
            return (request.user.map { user in numbers.contains { groups[$0].contains(user) } } ?? false, nil)
        case .during(let numbers): return (numbers.contains { times[$0].contains(request.time) }, nil)
        case .user(let users): return (request.user.map { users.contains($0) } ?? false, nil)
        case .anonymous: return (request.user == nil, nil)
        case .by(let ways): return (ways.contains(request.via), nil)
        case .regex(let pattern): return (!name.isEmpty && pattern.matches(name), nil)
        case .special(let ranges): return (address.map { address in ranges.contains { $0.contains(address) } }, nil)
        case .until(let day): return (request.time < Self.midnight(after: day), nil)
        case .sni(let words): return (tls.map { tls in words.contains { Self.holds($0, name, tls) } }, nil)
        }
    }

    private static func matches(_ glob: Substring, _ name: Substring) -> Bool {
        guard let first = glob.first else { return name.isEmpty }
        if first == "*" {
            return matches(glob.dropFirst(), name) || !name.isEmpty && matches(glob, name.dropFirst())
        }
        return name.first == first && matches(glob.dropFirst(), name.dropFirst())
    }

    private static func covers(_ domain: String, _ name: String) -> Bool {
        name == domain || name.hasSuffix("." + domain)
    }

    private static func section(_ test: Test) -> String {
        switch test {
        case .domain, .host, .glob, .list, .category, .ip, .port, .literal, .regex, .special: "to"
        case .net, .namedNet, .user, .group, .anonymous: "from"
        case .by: "by"
        case .during: "during"
        case .until: "until"
        case .sni: "sni"
        }
    }

    private static func text(_ condition: (test: Test, isNegated: Bool)) -> String {
        let text =
            switch condition.test {
            case .domain(let names): "domain:" + names.joined(separator: ",")
            case .host(let names): "host:" + names.joined(separator: ",")
            case .glob(let globs): "glob:" + globs.joined(separator: ",")
            case .list(let numbers): "list:" + numbers.map { "l\($0)" }.joined(separator: ",")
            case .category(let numbers):
                "category:" + numbers.map { $0 % 2 == 0 ? "k\($0)" : "u/k\($0)" }.joined(separator: ",")
            case .namedNet(let numbers): "net:" + numbers.map { "n\($0)" }.joined(separator: ",")
            case .group(let numbers): "group:" + numbers.map { "g\($0)" }.joined(separator: ",")
            case .during(let numbers): "time:" + numbers.map { "t\($0)" }.joined(separator: ",")
            case .ip(let prefixes): "ip:" + prefixes.joined(separator: ",")
            case .port(let ranges): "port:" + ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
            case .literal: "ip-literal"
            case .net(let prefixes): "net:" + prefixes.joined(separator: ",")
            case .user(let users): "user:" + users.joined(separator: ",")
            case .anonymous: "anonymous"
            case .by(let ways): ways.map(\.rawValue).joined(separator: ",")
            case .regex(let pattern): "regex:" + pattern.rawValue
            case .special(let ranges): ranges.map(\.rawValue).joined(separator: ",")
            case .until(let day): "1970-01-" + (day < 10 ? "0" : "") + "\(day)"
            case .sni(let words): words.joined(separator: ",")
            }
        return (condition.isNegated ? "!" : "") + text
    }
}
