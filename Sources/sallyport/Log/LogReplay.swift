import AccessLog
import Addressing
import Policy

/// `sallyport log replay`: which requests of a log another policy would have judged differently, and by which line.
struct LogReplay: LogFiltering {
    var filter = LogFilter()
    private var policy: String?

    private static let options: [Option<LogReplay>] =
        [
            Option(name: "policy", value: "FILE", help: "the policy to try") { command, text throws(OptionError) in
                command.policy = try OptionValue.path(text)
            }
        ] + filterOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log replay --policy NEW [OPTION ...] [FILE ...]",
                    about:
                        "Judges the requests of a log anew, each at its own time and with the addresses it had then.",
                    options, codes: "0 all the same, 1 some differ, or unreadable, 64 wrong command line"))
            return 0
        }
        var command = LogReplay()
        try parser.apply(to: &command)
        guard let policy = command.policy else { throw UsageError("--policy NEW is missing; see --help") }
        return try command.replay(LogCommand.files(parser.operands), Ruleset.load(path: policy))
    }

    // MARK: - Private

    /// What became of the requests.
    private struct Tally {
        var same = 0
        var different = 0
        /// Never judged, or without what judging needs.
        var skipped = 0
    }

    private func replay(_ files: [String], _ ruleset: Ruleset) throws(LogReadError) -> Int32 {
        var tally = Tally()
        var output = StandardOutput()
        for file in files {
            var reader = try LogReader(path: file)
            while let line = try reader.next() {
                guard let parsed = LogLine(line.bytes), parsed.has(.type, "request"), filter.passes(parsed) else {
                    continue
                }
                guard let before = parsed.text(.verdict), let verdict = judge(parsed, by: ruleset) else {
                    tally.skipped += 1
                    continue
                }
                let after = verdict.isAllowed ? "allow" : "deny"
                guard before != after else {
                    tally.same += 1
                    continue
                }
                tally.different += 1
                let text = Self.difference(parsed, before, after, verdict)
                output.append { $0 += text.utf8 }
            }
        }
        output.flush()
        print(
            "\(tally.different) would be judged differently, \(tally.same) the same, \(tally.skipped) were not judged")
        return tally.different > 0 ? 1 : 0
    }

    /// The verdict of `ruleset`; nil where the line doesn't hold what it takes.
    private func judge(_ line: LogLine, by ruleset: Ruleset) -> Policy.Verdict? {
        guard let client = line.text(.client).flatMap({ IPAddress($0) }),
            let host = line.text(.host).flatMap({ try? Host($0) }),
            let port = line.number(.port).flatMap({ UInt16(exactly: $0) }), let start = line.time(.start),
            let via = line.text(.proto).flatMap({ Via(rawValue: $0) })
        else { return nil }
        let request = Policy.Request(
            client: client, user: line.text(.user), host: host, port: Port(port), via: via, time: start / 1_000_000)
        switch ruleset.decide(request) {
        case .denied(let verdict): return verdict
        case .permitted(let permit): return permit.verdict
        case .resolve:
            return ruleset.explain(request, resolvedTo: Self.addresses(line)).verdict
        }
    }

    /// The addresses that the name had; the one that was dialled is enough where they weren't looked up for this request.
    private static func addresses(_ line: LogLine) -> [IPAddress]? {
        if let dialled = line.text(.dialled).flatMap({ IPAddress($0) }) { return [dialled] }
        return line.texts(.resolved)?.compactMap { IPAddress($0) }
    }

    private static func difference(_ line: LogLine, _ before: String, _ after: String, _ verdict: Policy.Verdict)
        -> String
    {
        let entry = verdict.entry.map { ", \($0)" } ?? ""
        let old = line.text(.rule).map { " (\($0))" } ?? ""
        return
            "\(line.text(.id) ?? "-") \(line.text(.client) ?? "-") \(line.text(.host) ?? "-"):\(line.number(.port) ?? 0): "
            + "\(before)\(old) becomes \(after) by \(verdict.rule)\(entry)\n"
    }
}
