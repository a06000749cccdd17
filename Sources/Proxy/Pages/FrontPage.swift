import AccessLog
import Addressing

/// `/`: this works.
enum FrontPage {
    static func body(_ visit: Visit) -> HTML {
        var rows: [(String, HTML)] = [("Your address", "<code>\(visit.client.description)</code>")]
        rows.append(
            ("Your user", visit.user.map { "\(foreign: $0)" } ?? "nobody in particular: you have not said who you are"))
        rows.append(("How you came", way(visit)))
        rows.append(("This proxy", "Sallyport \(visit.settings.version), at <code>\(visit.proxy.description)</code>"))
        rows.append(
            ("Its policy", "<code>\(visit.ruleset.fingerprint)</code>, in force for \(visit.policyAge)"))
        return """
            \(verdict(visit))
            \(PageFrame.facts(rows))
            <p>See <a href="/blocked">what was blocked for you</a>, ask <a href="/why">why an address would be blocked</a>, or
            read <a href="/setup">how to set this proxy</a> in other browsers and systems.</p>
            """
    }

    // MARK: - Private

    private static func verdict(_ visit: Visit) -> HTML {
        switch visit.way {
        case .direct:
            """
            <p><span class="good">You have reached the proxy.</span> That alone doesn't show that your browser uses it:
            once it does, <a href="http://\(OwnName.text)/">http://\(OwnName.text)/</a> shows this page, too.</p>
            """
        case .proxied, .inside:
            "<p><span class=\"good\">Your browser uses this proxy</span>, and the proxy answers.</p>"
        }
    }

    private static func way(_ visit: Visit) -> HTML {
        let way =
            switch (visit.way, visit.proto) {
            case (.direct, _): "straight to the proxy's own address, without being sent through it"
            case (.proxied, _): "through it as an HTTP proxy, by a plain request"
            case (.inside, .connect): "through it as an HTTP proxy, in a CONNECT tunnel"
            case (.inside, .socks4), (.inside, .socks4a): "through it as a SOCKS4 proxy"
            case (.inside, _): "through it as a SOCKS5 proxy"
            }
        return "\(way); listener <code>\(visit.listener.description)</code>"
    }
}
