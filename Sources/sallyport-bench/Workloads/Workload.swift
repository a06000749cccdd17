/// What can be measured.
enum Workload: String, CaseIterable, Sendable {
    case churn, pingpong, down, up, both, idle, start, blocked, dns, company, udp, http
    case httpBig = "http-big"
    case log, parse

    /// One line of the help.
    var summary: String {
        switch self {
        case .churn: "tunnels opened, 64 bytes echoed, closed; 64 at a time"
        case .pingpong: "64-byte round trips through 1 and 64 tunnels"
        case .down: "bulk from the origin to the client through 4 and 64 tunnels"
        case .up: "bulk from the client to the origin, likewise"
        case .both: "bulk both ways at once, likewise"
        case .idle: "thousands of tunnels in which nothing moves: memory of each, processor time"
        case .start: "from exec to the first answer: default policy, empty policy, a million domains"
        case .blocked: "requests that the policy denies"
        case .dns: "tunnels to names instead of addresses, cached and each looked up"
        case .company:
            "round trips in quiet tunnels, alone and beside new names, wrong passwords, reloads of a million domains"
        case .udp: "512-byte datagrams through 16 SOCKS5 associations, there and back"
        case .http: "plain HTTP on kept connections, 200-byte answers, 64 clients"
        case .httpBig: "the same with 1 MiB answers"
        case .log: "churn with the access log and without"
        case .parse: "request heads read, without any socket"
        }
    }
}
