import AccessLog

/// `sallyport log report`: what requests add up to.
struct LogReportCommand: LogFiltering {
    private enum Form {
        case text
        case csv
        case json
    }

    var filter = LogFilter()
    private var grouping = LogReport.Grouping.host
    private var top = 20
    private var form = Form.text
    private var page: String?

    private static let options: [Option<LogReportCommand>] =
        [
            Option(name: "by", value: "WHAT", help: "user, host, domain, client, rule, hour or outcome (host)") {
                command, text throws(OptionError) in
                command.grouping = try OptionValue.oneOf(text)
            },
            Option(name: "top", value: "N", help: "how many groups (20)") { command, text throws(OptionError) in
                command.top = try OptionValue.number(text, 1...1_000_000)
            },
            Option(name: "csv", value: nil, help: "comma-separated values") { command, _ in command.form = .csv },
            Option(name: "json", value: nil, help: "JSON") { command, _ in command.form = .json },
            Option(name: "html", value: "FILE", help: "a page with plots, which needs no network") {
                command, text throws(OptionError) in
                command.page = try OptionValue.path(text)
            },
        ] + filterOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "log report [OPTION ...] [FILE ...]", about: "Adds the requests of a log up.", options,
                    codes: "0 reported, 1 unreadable, 64 wrong command line"))
            return 0
        }
        var command = LogReportCommand()
        try parser.apply(to: &command)
        try command.report(LogCommand.files(parser.operands))
        return 0
    }

    // MARK: - Private

    private func report(_ files: [String]) throws {
        var report = LogReport(by: grouping, filter: filter)
        let progress = Progress(over: files)
        for file in files { try report.read(file) { progress.add($0) } }
        progress.end()
        if let page {
            try TextFile.write(report.page(title: "Access log: \(files.joined(separator: ", "))", top: top), to: page)
            return
        }
        switch form {
        case .text: print(report.text(top: top), terminator: "")
        case .csv: print(report.csv(top: top), terminator: "")
        case .json: print(report.json(top: top))
        }
    }
}
