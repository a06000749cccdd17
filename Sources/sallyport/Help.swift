/// The text of `--help`, made from the table of options.
enum Help {
    static var text: String {
        let width = 26
        var lines = [
            "Sallyport, a forward proxy: HTTP CONNECT and SOCKS5 on one port, judged by a policy, every request on record.",
            "",
            "usage: sallyport [run] [OPTION ...]",
            "",
        ]
        for option in Option.all {
            let flag = "  --\(option.name) \(option.value)"
            let padding = String(repeating: " ", count: max(2, width + 4 - flag.count))
            lines.append(flag + padding + option.help + (option.isRepeatable ? "; may be repeated" : ""))
        }
        lines += [
            "  --help                      this text",
            "  --version                   the version",
            "",
            "Defaults stand in parentheses. SIGTERM or SIGINT ends gracefully, a second one at once.",
            "Exit codes: 0 stopped, 1 could not start or write, 64 wrong command line.",
        ]
        return lines.joined(separator: "\n")
    }
}
