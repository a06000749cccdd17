/// Which final records a report, a conversion or a tail is about.
public struct LogFilter: Sendable {
    /// Requests that began at this time or later; microseconds since the epoch.
    public var since: Int64?
    /// Requests that began before this time.
    public var until: Int64?
    /// Keys that must have exactly these texts.
    public var equals: [(key: LogKey, text: String)] = []
    /// A host that is this domain or lies below it.
    public var domain: String?

    public init() {}

    /// Whether a line is one of them. Events and seals have no host or user, so that they only pass a filter of times.
    public func passes(_ line: LogLine) -> Bool {
        if since != nil || until != nil {
            guard let start = line.time(.start) else { return false }
            if let since, start < since { return false }
            if let until, start >= until { return false }
        }
        for (key, text) in equals {
            guard let raw = line.raw(key) else { return false }
            let isSame =
                raw.contains(UInt8(ascii: "\\"))
                ? JSONText.unescaped(raw).elementsEqual(text.utf8) : raw.elementsEqual(text.utf8)
            guard isSame else { return false }
        }
        guard let domain else { return true }
        guard let host = line.raw(.host), host.count >= domain.utf8.count,
            host.suffix(domain.utf8.count).elementsEqual(domain.utf8)
        else { return false }
        return host.count == domain.utf8.count || host[host.count - domain.utf8.count - 1] == UInt8(ascii: ".")
    }
}
