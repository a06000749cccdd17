import AccessLog
import Glibc

/// `sallyport log tail`: the last lines, readable.
struct LogTailCommand: LogFiltering {
    var filter = LogFilter()
    private var lines = 20
    private var follows = false

    private static let options: [Option<LogTailCommand>] =
        [
            Option(name: "lines", value: "N", help: "how many (20)") { command, text throws(OptionError) in
                command.lines = try OptionValue.number(text, 0...1_000_000)
            },
            Option(name: "follow", value: nil, help: "go on as lines come; also -f") { command, _ in
                command.follows = true
            },
        ] + filterOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments.map { $0 == "-f" ? "--follow" : $0 }, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log tail [-f] [OPTION ...] [FILE]", about: "Shows the last lines of a log for people.",
                    options,
                    codes: "0 shown, 1 unreadable, 64 wrong command line"))
            return 0
        }
        var command = LogTailCommand()
        try parser.apply(to: &command)
        let file = LogCommand.files(try parser.operands(0...1, called: "the log"))[0]
        try command.show(file)
        return 0
    }

    // MARK: - Private

    private func show(_ path: String) throws(LogReadError) {
        signal(SIGPIPE, SIG_IGN)
        let form = ReadableLine(isColoured: isatty(STDOUT_FILENO) == 1)
        var output = StandardOutput()
        var last: [[UInt8]] = []
        var reader = try LogReader(path: path, follows: follows)
        while let line = try reader.next() {
            guard let text = readable(line, form) else { continue }
            last.append(text)
            if last.count >= 2 * max(lines, 512) { last.removeFirst(last.count - lines) }
        }
        output.append { bytes in for line in last.suffix(lines) { bytes += line } }
        output.flush()
        while follows {
            usleep(Self.interval)
            // What was written before the file was moved away is shown first.
            let isMovedAway = reader.isMovedAway
            while let line = try reader.next() {
                if let text = readable(line, form) { output.append { $0 += text } }
            }
            output.flush()
            if isMovedAway, let next = try? LogReader(path: path, follows: true) { reader = next }
        }
    }

    /// Between two looks at a file that is followed, microseconds.
    private static let interval: UInt32 = 250_000

    private func readable(_ line: LogReader.Line, _ form: ReadableLine) -> [UInt8]? {
        guard let parsed = LogLine(line.bytes), filter.passes(parsed) else { return nil }
        var text: [UInt8] = []
        form.append(parsed, to: &text)
        return text.isEmpty ? nil : text
    }
}
