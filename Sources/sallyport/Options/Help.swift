/// The texts of `--help`, made from the tables of options and commands.
enum Help {
    /// Of the program and of `run`.
    static var program: String {
        var lines = [
            "Sallyport, a forward proxy: HTTP and SOCKS5 on one port, judged by a policy, every request on record.",
            "",
            "usage: sallyport [COMMAND] [OPTION ...]",
            "",
        ]
        lines += Command.allCases.map { row($0.rawValue, $0.summary, width: 12) }
        lines += ["", "Options of run (sallyport COMMAND --help tells of the others'):", ""]
        lines += rows(Settings.options)
        lines += [
            row("--version", "the version", width: 32),
            "",
            "Defaults stand in parentheses. SIGTERM or SIGINT ends gracefully, a second one at once.",
            "Exit codes: 0 stopped, 1 could not start or write, 64 wrong command line.",
        ]
        return lines.joined(separator: "\n")
    }

    /// Of a command.
    static func text<Target>(usage: String, about: String, _ options: [Option<Target>], codes: String) -> String {
        (["usage: sallyport \(usage)", "", about, ""] + rows(options) + ["", "Exit codes: \(codes)"]).joined(
            separator: "\n")
    }

    // MARK: - Private

    private static func rows<Target>(_ options: [Option<Target>]) -> [String] {
        options.map { option in
            let flag = "--\(option.name)\(option.value.map { " \($0)" } ?? "")"
            return row(flag, option.help + (option.isRepeatable ? "; may be repeated" : ""), width: 32)
        } + [row("--help", "this text", width: 32)]
    }

    private static func row(_ left: String, _ right: String, width: Int) -> String {
        "  \(left)" + String(repeating: " ", count: max(2, width - 2 - left.count)) + right
    }
}
