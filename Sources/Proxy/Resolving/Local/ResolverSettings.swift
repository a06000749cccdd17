import Addressing

/// Whom to ask and how: the contents of `/etc/resolv.conf`.
///
/// Unknown keywords and options, and values that can't be read, are skipped, as the C library does.
///
/// Spec: resolv.conf(5).
struct ResolverSettings: Hashable, Sendable {
    /// Never empty; the machine's own address where the file names none.
    var servers: [Endpoint] = [Endpoint(.loopbackV4, domainPort)]
    /// Domains that short names are tried in.
    var search: [HostName] = []
    /// A name with fewer dots is a short one.
    var ndots = 1
    /// How long a server may take, and how often all of them are asked: the two together bound a question.
    var timeout = Duration.seconds(5)
    var attempts = 2
    /// Ask the servers in turn instead of the fastest.
    var rotates = false

    static let domainPort = Port(53)
    /// Servers beyond these are not asked.
    static let mostServers = 8
    private static let mostDomains = 16

    init() {}

    init(parsing text: Span<UInt8>) {
        var servers: [Endpoint] = []
        var scanner = WordScanner(commentMarks: "#;")
        while !scanner.isAtEnd(of: text) {
            defer { scanner.endLine(of: text) }
            guard let keyword = scanner.word(of: text) else { continue }
            switch text.text(keyword) {
            case "nameserver":
                guard let word = scanner.word(of: text), let address = IPAddress(text.text(word)) else { continue }
                servers.append(Endpoint(address, Self.domainPort))
            case "search", "domain":
                search = []
                while let word = scanner.word(of: text) {
                    if let domain = try? HostName(parsing: text.extracting(word)) { search.append(domain) }
                }
            case "options":
                while let word = scanner.word(of: text) { take(option: text.text(word)) }
            default: continue
            }
        }
        search = Array(search.prefix(Self.mostDomains))
        if !servers.isEmpty { self.servers = Array(servers.prefix(Self.mostServers)) }
    }

    /// The names to look up for `name`, in this order, until one exists.
    ///
    /// A name with dots enough is complete, and is not tried in other domains when it doesn't exist: otherwise whoever
    /// registers `com.example.net` would answer for every misspelt `.com`.
    func candidates(for name: HostName) -> [HostName] {
        guard !search.isEmpty, name.text.utf8.count(where: { $0 == UInt8(ascii: ".") }) < ndots else { return [name] }
        return search.compactMap { try? HostName("\(name.text).\($0.text)") } + [name]
    }

    /// How long one question may take in all.
    var patience: Duration { timeout * attempts }

    // MARK: - Private

    private mutating func take(option: String) {
        let parts = option.split(separator: ":", maxSplits: 1)
        // The bounds are the C library's own.
        func number(_ bounds: ClosedRange<Int>) -> Int? {
            guard parts.count == 2, parts[1].utf8.count <= 4, let number = Int(parts[1]) else { return nil }
            return min(max(number, bounds.lowerBound), bounds.upperBound)
        }
        switch parts.first {
        case "ndots": ndots = number(0...15) ?? ndots
        case "timeout": timeout = number(1...30).map { .seconds($0) } ?? timeout
        case "attempts": attempts = number(1...5) ?? attempts
        case "rotate": rotates = true
        default: break
        }
    }
}
