import Addressing

extension Condition {
    /// Whether it compares the destination's name.
    var isAboutName: Bool {
        switch test {
        case .names, .lists, .globs, .regex: true
        case .addresses, .ipLiteral, .ports, .clients, .users, .anonymous, .via, .serverName, .during, .until: false
        }
    }

    /// Whether it has to wait for a tunnel's first bytes.
    var isAboutServerName: Bool {
        if case .serverName = test { true } else { false }
    }
}

extension Condition.Test {
    /// What there is in a request of that which the test looks at: `the port is 443`.
    func presence(in request: Request, _ facts: Facts) -> String {
        switch self {
        case .names, .globs, .regex, .ipLiteral: "the host is \(request.host)"
        case .lists:
            facts.address.map { "the host is \(request.host), the address \($0)" } ?? "the host is \(request.host)"
        case .addresses: facts.address.map { "the address is \($0)" } ?? "the address is not known"
        case .ports: "the port is \(request.port)"
        case .clients: "the client is \(request.client)"
        case .users, .anonymous: request.user.map { "the user is \($0)" } ?? "nobody has logged in"
        case .via: "it came by \(request.via.rawValue)"
        case .serverName: facts.tls.map(\.presence) ?? "the tunnel's first bytes are not there"
        case .during: "the time is \(CivilDate.text(ofTime: request.time))"
        case .until: "it has ended by \(CivilDate.text(ofTime: request.time))"
        }
    }
}

extension TLSFacts {
    fileprivate var presence: String {
        guard isTLS else { return "the tunnel isn't TLS" }
        let hello = hasEncryptedHello ? ", with an encrypted ClientHello" : ""
        return switch serverName {
        case .missing: "TLS names no server" + hello
        case .invalid: "TLS names a server that is no host name" + hello
        case .name(let name): "TLS names \(name)" + hello
        }
    }
}

extension CivilDate {
    /// `Fri 2026-07-24 12:00 UTC`
    fileprivate static func text(ofTime time: Int64) -> String {
        let day = Int(time >= 0 ? time / 86_400 : (time - 86_399) / 86_400)
        let minute = Int(time - Int64(day) * 86_400) / 60
        let year = year(ofDay: day)
        var rest = day - daysBefore(year)
        var month = 1
        while rest >= dayCount(year, month) {
            rest -= dayCount(year, month)
            month += 1
        }
        func digits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let weekday = Weekday.names[Weekday(dayNumber: day).number]
        return
            "\(weekday) \(year)-\(digits(month))-\(digits(rest + 1)) \(digits(minute / 60)):\(digits(minute % 60)) UTC"
    }
}
