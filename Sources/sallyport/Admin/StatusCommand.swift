import Glibc

/// `sallyport status`: how the running proxy is.
struct StatusCommand: AdminAsking {
    var access = AdminAccess()
    private var isJSON = false

    private static let options: [Option<StatusCommand>] =
        [
            Option(name: "json", value: nil, help: "one JSON object with every number") { command, _ in
                command.isJSON = true
            }
        ] + accessOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "status [OPTION ...]", about: "Shows what the running proxy has counted and measured.",
                    options, codes: "0 shown, 1 nothing answers, 64 wrong command line"))
            return 0
        }
        _ = try parser.operands(0...0, called: "")
        var command = StatusCommand()
        try parser.apply(to: &command)
        let body = try command.access.client().ask(
            "GET", "/status", accept: command.isJSON ? "application/json" : "text/plain")
        signal(SIGPIPE, SIG_IGN)
        var output = StandardOutput()
        output.append { $0 += body }
        output.flush()
        return 0
    }
}
