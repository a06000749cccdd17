import EventLoop

/// `/blocked`: what the policy has denied whoever asks, and nobody else.
enum BlockedPage {
    static func body(_ visit: Visit) -> HTML {
        let denials = visit.denials.latest(for: visit.viewer)
        let who: HTML =
            visit.user.map { "\(foreign: $0) from <code>\(visit.client.description)</code>" }
            ?? "<code>\(visit.client.description)</code>"
        guard !denials.isEmpty else {
            return """
                <p>Nothing was blocked for \(who) since the proxy was started, or so long ago that it is forgotten here. The
                proxy's log has everything.</p>
                """
        }
        let rows = denials.reduce(into: HTML("")) { $0 += row($1) }
        return """
            <p>The latest for \(who), newest first, up to \(RecentDenials.mostDenials). Nobody else sees them here.</p>
            <table role="table">
            <thead><tr role="row"><th scope="col" role="columnheader">When</th><th scope="col" role="columnheader">What</th><th scope="col" role="columnheader">Rule and reason</th>
            <th scope="col" role="columnheader">Request</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>
            <p class="soft">Whoever runs this proxy finds a request by its name: <code>sallyport log tail --id NAME</code>.</p>
            """
    }

    // MARK: - Private

    private static func row(_ denial: RecentDenials.Denial) -> HTML {
        let time = UTCTime(denial.time)
        var ground: HTML = "the rules about its addresses"
        if let rule = denial.rule { ground = "<code>\(rule)</code>" }
        if let id = denial.id { ground += " (\(foreign: id))" }
        if let entry = denial.entry { ground += "<br><small>entry <code>\(entry)</code></small>" }
        if let reason = denial.reason { ground += "<br>\(foreign: reason)" }
        return """
            <tr role="row"><td role="cell" class="when" data-label="When"><time datetime="\(time.machine)">\(time.day)<br>\(time.clock) UTC</time></td>
            <td role="cell" data-label="What"><code>\(denial.destination)</code><br>
            <a href="/why?url=\(Query.encoded(denial.address))" aria-label="Why \(denial.destination)?">Why?</a></td>
            <td role="cell" data-label="Rule and reason">\(ground)</td>
            <td role="cell" data-label="Request"><code>\(denial.request)</code></td></tr>

            """
    }
}
