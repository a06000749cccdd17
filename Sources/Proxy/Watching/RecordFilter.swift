import Addressing

/// Which requests an operator wants to see: each text is looked for anywhere in what it is about, without regard to case.
struct RecordFilter: Sendable, Equatable {
    var client = ""
    var user = ""
    var host = ""
    var verdict: Wanted?

    /// What the policy said. The raw value is how it is asked for.
    enum Wanted: String, CaseIterable, Sendable {
        case allow
        case deny
        /// It wasn't asked.
        case none
    }

    static let names: Set = ["client", "user", "host", "verdict"]

    init() {}

    /// Of a request's values; an empty one means all.
    init(_ request: AdminRequest) throws(AdminRefusal) {
        client = try request.value("client")?.lowercased() ?? ""
        user = try request.value("user")?.lowercased() ?? ""
        host = try request.value("host")?.lowercased() ?? ""
        guard let text = try request.value("verdict"), !text.isEmpty else { return }
        guard let wanted = Wanted(rawValue: text) else {
            throw AdminRefusal(400, "\"\(text)\" is no verdict; allow, deny and none are.")
        }
        verdict = wanted
    }

    func matches(_ seen: SeenRequest) -> Bool {
        matches(client: seen.client, user: seen.user, host: seen.host, isAllowed: seen.isAllowed)
    }

    func matches(_ trace: Trace) -> Bool {
        matches(
            client: trace.client.address, user: trace.identity?.user, host: trace.facts.host,
            isAllowed: trace.verdict?.isAllowed)
    }

    // MARK: - Private

    private func matches(client address: IPAddress, user name: String?, host other: Host?, isAllowed: Bool?) -> Bool {
        if let verdict {
            let word = isAllowed.map { $0 ? Wanted.allow : .deny } ?? Wanted.none
            if word != verdict { return false }
        }
        return Self.has(client, in: client.isEmpty ? nil : address.description)
            && Self.has(user, in: user.isEmpty ? nil : name)
            && Self.has(host, in: host.isEmpty ? nil : other?.description)
    }

    private static func has(_ part: String, in text: String?) -> Bool {
        guard !part.isEmpty else { return true }
        guard let text else { return false }
        return Array(text.lowercased().utf8).firstRange(of: Array(part.utf8)) != nil
    }
}
