/// A proxy that can be measured: how it is found, started and spoken to.
struct Contender: Sendable {
    let name: String
    /// The program's file name.
    let executable: String
    /// What makes it print its version.
    let versionFlag: String
    /// What one must know to read its figures.
    let remark: String
    /// How tunnels are asked for; empty for one that makes none.
    var dialects: [Dialect] = []
    /// How plain HTTP is asked for; nil for one that forwards none.
    var httpDialect: Dialect?
    /// Whether it serves UDP ASSOCIATE.
    var relaysDatagrams = false
    /// Whether it can deny a name.
    var canDeny = false
    /// Idle tunnels that it can hold, or that this machine's memory can.
    var mostIdleTunnels = 4000
    let setUp: @Sendable (Site) -> Setup

    /// All that are known, in the order of the report.
    static let all: [Contender] = [
        sallyport, besides, haproxy, splicingHaproxy, microsocks, dante, squid, tinyproxy, privoxy, nginx,
    ]

    static func named(_ name: String) -> Contender? {
        all.first { $0.name == name }
    }
}

/// The command and the files that a contender is started with.
struct Setup {
    struct File {
        /// Relative to the site's folder.
        let name: String
        let text: String
    }

    /// Without the program itself.
    let arguments: [String]
    var files: [File] = []
}

/// Where and for what a contender is set up.
struct Site: Sendable {
    /// Its own folder, absolute.
    let folder: String
    /// Its first port; relays to fixed origins have the following ones.
    let port: UInt16
    let origins: Origins
    var task = ContenderTask()

    /// The port that leads to `role`: a relay has one for each origin.
    func port(_ dialect: Dialect, to role: OriginRole) -> UInt16 {
        switch dialect {
        case .raw, .reverse: port + 1 + UInt16(role.rawValue)
        case .socks5, .connect, .http: port
        }
    }

    /// Ports that one contender may use.
    static let portCount = 1 + OriginRole.allCases.count
}

/// What a contender is to be set up for. Each takes of it what it knows.
struct ContenderTask: Sendable {
    /// Path of Sallyport's policy; nil for one that allows all.
    var policy: String?
    /// Whether one name, `Site.deniedName`, is denied by those that have no million of them.
    var denies = false
    var isLogging = true
    /// Address and port of the name server.
    var resolver: String?
    /// The text of a password file; nil where nobody is asked for one.
    var users: String?
}

extension Site {
    /// What the `blocked` workload asks for.
    static let deniedName = DomainList.name(777_777)
}
