import AccessLog
import Policy

/// `sallyport log …`: reading the access log. What it can be asked for is the word that follows.
enum LogCommand: String, CaseIterable {
    case verify
    case head
    case tail
    case report
    case convert
    case replay

    /// - Throws: `UsageError`, `LogReadError`, `PolicyErrors`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        guard let word = arguments.first, word != "--help", word != "-h" else {
            print(help)
            return arguments.isEmpty ? 64 : 0
        }
        guard let command = LogCommand(rawValue: word) else {
            let names = allCases.map(\.rawValue)
            throw UsageError(
                "unknown command \"log \(word)\"\(NearestWord.suggestion(word, among: names))"
                    + "; there are \(names.joined(separator: ", "))")
        }
        let rest = arguments.dropFirst()
        switch command {
        case .verify: return try LogVerify.perform(rest)
        case .head: return try LogVerify.performHead(rest)
        case .tail: return try LogTailCommand.perform(rest)
        case .report: return try LogReportCommand.perform(rest)
        case .convert: return try LogConvert.perform(rest)
        case .replay: return try LogReplay.perform(rest)
        }
    }

    private static let help = """
        usage: sallyport log COMMAND [OPTION ...] [FILE ...]

          verify    checks seals, order and numbers, and says which lines were changed, removed, added or moved
          head      prints the newest seal, to be kept where the log's writer can't reach it
          tail      shows the last lines for people; -f goes on as lines come
          report    adds requests up, by user, host, domain, client, rule, hour or outcome
          convert   writes requests in the form of another tool
          replay    says which of the requests another policy would have judged differently

        FILE is logs/access.log unless named; - is standard input. Rotated and gzip-compressed files are read like others.
        """

    /// The files that a command is about.
    static func files(_ operands: [String]) -> [String] {
        operands.isEmpty ? ["logs/access.log"] : operands
    }
}
