import Addressing
import EventLoop
import Policy
import Proxy

/// `sallyport explain`: what the policy says of a request, by the same code as the proxy's own decision.
struct ExplainCommand {
    var policy = Settings().policy
    var user: String?
    var client = IPAddress.loopbackV4
    var via: Via?
    /// Seconds since the epoch.
    var time = WallClock.microseconds() / 1_000_000
    var resolves = false
    var isJSON = false

    private static let options: [Option<ExplainCommand>] = [
        Option(name: "policy", value: "FILE", help: "the rules (acl/policy.conf)") {
            command, text throws(OptionError) in
            command.policy = try OptionValue.path(text)
        },
        Option(name: "user", value: "NAME", help: "who asks (nobody in particular)") { command, text in
            command.user = text
        },
        Option(name: "from", value: "ADDR", help: "the client's address (127.0.0.1)") {
            command, text throws(OptionError) in
            command.client = try OptionValue.address(text)
        },
        Option(
            name: "by", value: "PROTO", help: "http, connect, socks4, socks4a, socks5 or udp (by the address's form)"
        ) {
            command, text throws(OptionError) in
            command.via = try OptionValue.oneOf(text)
        },
        Option(name: "at", value: "TIME", help: "when: 2026-11-21T08:00:00Z, with Z or +01:00 (now)") {
            command, text throws(OptionError) in
            command.time = try OptionValue.time(text)
        },
        Option(name: "resolve", value: nil, help: "look the name up, and judge its addresses") { command, _ in
            command.resolves = true
        },
        Option(name: "json", value: nil, help: "one JSON object") { command, _ in
            command.isJSON = true
        },
    ]

    /// - Throws: `UsageError`, `PolicyErrors`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "explain URL-or-HOST[:PORT] [OPTION ...]",
                    about:
                        "Says whether the request would be let out, by which line, and what the other rules made of it.",
                    options, codes: "0 allowed, 1 denied or policy faulty, 64 wrong command line"))
            return 0
        }
        let text = try parser.operands(1...1, called: "what to explain (a URL, or a host)")[0]
        let subject: ExplainSubject
        do throws(ExplainSubjectError) {
            subject = try ExplainSubject(text)
        } catch {
            throw UsageError("\(error)")
        }
        var command = ExplainCommand()
        try parser.apply(to: &command)
        return try command.explain(subject)
    }

    // MARK: - Private

    private func explain(_ subject: ExplainSubject) throws(PolicyErrors) -> Int32 {
        let ruleset = try Ruleset.load(path: policy)
        let request = Request(
            client: client, user: user, host: subject.authority.host, port: subject.authority.port,
            via: via ?? subject.via, time: time)
        var addresses: [IPAddress]?
        if resolves, case .name(let name) = request.host { addresses = SystemResolver.addresses(of: name) }
        let explanation = ruleset.explain(request, resolvedTo: addresses)
        let text = ExplanationText(explanation, of: subject.authority, resolved: addresses)
        print(isJSON ? text.json : text.plain)
        return explanation.verdict.isAllowed ? 0 : 1
    }
}
