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
                    usage: "log tail [-f] [OPTION ...] [FILE]",
                    about:
                        "Shows the last lines of a log for people. With --id it also looks into the files rotated from it.",
                    options,
                    codes: "0 shown, 1 unreadable or no such request, 64 wrong command line"))
            return 0
        }
        var command = LogTailCommand()
        try parser.apply(to: &command)
        let file = LogCommand.files(try parser.operands(0...1, called: "the log"))[0]
        if let id = command.filter.equals.last(where: { $0.key == .id })?.text, !command.follows, file != "-" {
            return try command.find(id, in: file)
        }
        try command.show(file)
        return 0
    }

    // MARK: - Private

    /// Shows the request of that id, from the newest file that has it.
    private func find(_ id: String, in path: String) throws(LogReadError) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        let form = ReadableLine(isColoured: isatty(STDOUT_FILENO) == 1)
        let files = [path] + LogRotation.files(rotatedFrom: path)
        for file in files {
            var output = StandardOutput()
            var isFound = false
            var reader = try LogReader(path: file)
            while let line = try reader.next() {
                guard let text = readable(line, form) else { continue }
                isFound = true
                output.append { $0 += text }
            }
            output.flush()
            if isFound { return 0 }
        }
        let others = files.count == 1 ? "" : " or the \(files.count - 1) rotated from it"
        Sallyport.complain("no request \(id) is in \(path)\(others)")
        return 1
    }

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
