import AccessLog

/// `sallyport log verify` and `log head`.
struct LogVerify {
    private var key: [UInt8]?
    private var head: SealHead?

    private static let options: [Option<LogVerify>] = [
        Option(name: "seal-key", value: "FILE", help: "the key with which the seals were made") {
            command, text throws(OptionError) in
            command.key = try OptionValue.key(text)
        },
        Option(name: "head", value: "SEQ:SHA256", help: "a seal that must be there, as `log head` printed it") {
            command, text throws(OptionError) in
            command.head = try OptionValue.sealHead(text)
        },
    ]

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log verify [OPTION ...] [FILE ...]",
                    about: "Checks a log, all its files together, in whichever order they are given.", options,
                    codes: "0 as it was written, 1 not so, or unreadable, 64 wrong command line"))
            return 0
        }
        var command = LogVerify()
        try parser.apply(to: &command)
        let files = LogCommand.files(parser.operands)
        let progress = Progress(over: files)
        let result = try LogVerifier.verify(files, key: command.key, head: command.head) { progress.add($0) }
        progress.end()
        show(result)
        return result.isIntact ? 0 : 1
    }

    static func performHead(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: [Option<LogVerify>]())
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log head [FILE ...]", about: "Prints the newest seal as SEQ:SHA256.", [Option<LogVerify>](),
                    codes: "0 printed, 1 there is none, 64 wrong command line"))
            return 0
        }
        let result = try LogVerifier.verify(LogCommand.files(parser.operands))
        guard let head = result.head else {
            Sallyport.complain("there is no seal")
            return 1
        }
        print("\(head.sequence):\(head.digest)")
        return 0
    }

    // MARK: - Private

    private static func show(_ result: Verification) {
        for finding in result.findings { print(finding) }
        if result.omittedFindings > 0 { print("and \(result.omittedFindings) more") }
        var notes: [String] = []
        if let first = result.firstSequence, first > 1 { notes.append("begins with line \(first)") }
        if result.unsealedLines > 0 { notes.append("\(result.unsealedLines) lines behind the newest seal") }
        if result.unprovenLines > 0 {
            notes.append("\(result.unprovenLines) lines sealed with others that were not given")
        }
        if result.tornLines > 0 { notes.append("\(result.tornLines) lines that broke off in a crash") }
        print(
            "\(result.isIntact ? "intact" : "NOT intact"): \(result.lines) lines, \(result.seals) seals, \(result.bytes) bytes"
                + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"))
        if let head = result.head { print("newest seal \(head.sequence):\(head.digest)") }
    }
}
