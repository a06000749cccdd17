import AccessLog
import Glibc

/// `sallyport log convert`: requests in the form of another tool, on standard output.
struct LogConvert: LogFiltering {
    var filter = LogFilter()
    private var format: LogFormat?

    private static let options: [Option<LogConvert>] =
        [
            Option(
                name: "to", value: "FORM", help: LogFormat.allCases.map(\.rawValue).joined(separator: ", ")
            ) { command, text throws(OptionError) in
                command.format = try OptionValue.oneOf(text)
            }
        ] + filterOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log convert --to FORM [OPTION ...] [FILE ...]",
                    about: "Writes the requests of a log in the form of another tool.", options,
                    codes: "0 written, 1 unreadable, 64 wrong command line"))
            return 0
        }
        var command = LogConvert()
        try parser.apply(to: &command)
        guard let format = command.format else { throw UsageError("--to FORM is missing; see --help") }
        try command.convert(LogCommand.files(parser.operands), to: format)
        return 0
    }

    // MARK: - Private

    private func convert(_ files: [String], to format: LogFormat) throws(LogReadError) {
        signal(SIGPIPE, SIG_IGN)
        var output = StandardOutput()
        output.append { $0 += format.head.utf8 }
        for file in files {
            var reader = try LogReader(path: file)
            while let line = try reader.next() {
                guard let parsed = LogLine(line.bytes), filter.passes(parsed) else { continue }
                output.append { format.append(parsed, to: &$0) }
            }
        }
        output.flush()
    }
}
