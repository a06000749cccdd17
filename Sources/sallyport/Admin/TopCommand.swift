import EventLoop
import Glibc

/// `sallyport top`: what goes through the running proxy now.
struct TopCommand: AdminAsking {
    var access = AdminAccess()
    private var order = Order.rate
    private var isOnce = false
    private var interval = Duration.seconds(2)

    /// The raw value is what the command line calls it.
    enum Order: String, CaseIterable {
        case bytes, rate, age, client, host
    }

    private static let options: [Option<TopCommand>] =
        [
            Option(name: "sort", value: "WHAT", help: "bytes, rate, age, client or host (rate)") {
                command, text throws(OptionError) in
                command.order = try OptionValue.oneOf(text)
            },
            Option(name: "once", value: nil, help: "one table with all of them, then the end") { command, _ in
                command.isOnce = true
            },
            Option(name: "interval", value: "TIME", help: "between two readings (2s)") {
                command, text throws(OptionError) in
                command.interval = try OptionValue.duration(text)
            },
        ] + accessOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "top [OPTION ...]",
                    about: "Shows the requests and tunnels under way. Rates are those between two readings.",
                    options, codes: "0 shown, 1 nothing answers, 64 wrong command line"))
            return 0
        }
        _ = try parser.operands(0...0, called: "")
        var command = TopCommand()
        try parser.apply(to: &command)
        try command.show()
        return 0
    }

    // MARK: - Private

    private func show() throws {
        signal(SIGPIPE, SIG_IGN)
        let client = try access.client()
        let terminal = getenv("TERM").map { String(cString: $0) } ?? "dumb"
        let isScreen = !isOnce && isatty(STDOUT_FILENO) == 1 && terminal != "dumb"
        var last = try read(client)
        repeat {
            usleep(UInt32(clamping: interval.nanoseconds / 1000))
            var next = try read(client)
            let seconds = Double(next.time.microseconds(since: last.time)) / 1e6
            let before = Dictionary(last.rows.map { ($0.id, $0.bytes) }) { $1 }
            for index in next.rows.indices {
                // What has begun since then has all its bytes from since then.
                let row = next.rows[index]
                let passed = row.bytes - min(row.bytes, before[row.id] ?? 0)
                next.rows[index].rate = Double(passed) / max(seconds, 0.001)
            }
            var output = StandardOutput()
            let text = TopTable.text(sorted(next.rows), at: isScreen ? TopTable.screen() : nil)
            output.append { $0 += Array(((isScreen ? "\u{1b}[H\u{1b}[2J" : "") + text).utf8) }
            output.flush()
            last = next
        } while !isOnce
    }

    private func read(_ client: AdminClient) throws -> (rows: [LiveRow], time: Instant) {
        let body = try client.ask("GET", "/connections")
        let time = Instant.now()
        guard let rows = LiveRow.all(body) else {
            throw AdminClient.Failure(description: "the list from \(client.place) was cut off")
        }
        return (rows, time)
    }

    private func sorted(_ rows: [LiveRow]) -> [LiveRow] {
        rows.sorted { left, right in
            switch order {
            case .bytes where left.bytes != right.bytes: left.bytes > right.bytes
            case .rate where left.rate != right.rate: left.rate ?? 0 > right.rate ?? 0
            case .age where left.age != right.age: left.age > right.age
            case .client where left.client != right.client: left.client < right.client
            case .host where left.host != right.host: left.host < right.host
            default: left.id < right.id
            }
        }
    }
}
