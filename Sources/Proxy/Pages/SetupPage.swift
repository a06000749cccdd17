/// `/setup`: how to set the proxy, with its address filled in.
enum SetupPage {
    static func body(_ visit: Visit) -> HTML {
        let contents = SetupTarget.allCases.reduce(into: HTML("")) {
            $0 += "<li><a href=\"#\($1.rawValue)\">\($1.title)</a></li>\n"
        }
        let articles = SetupTarget.allCases.reduce(into: HTML("")) { $0 += article($1, visit) }
        return """
            <p>HTTP and SOCKS5 are spoken on the same port: <code>\(visit.proxy.description)</code>. Browsers and systems that
            take an address for automatic configuration find the proxy by
            <a href="/proxy.pac"><code>http://\(visit.proxy.description)/proxy.pac</code></a>. Whether it works shows
            <a href="http://\(OwnName.text)/">http://\(OwnName.text)/</a>.</p>
            <nav aria-label="Browsers and systems"><ul class="contents">
            \(contents)</ul></nav>
            \(articles)
            """
    }

    // MARK: - Private

    private static func article(_ target: SetupTarget, _ visit: Visit) -> HTML {
        let steps = target.steps(for: visit.proxy).reduce(into: HTML("")) { list, step in
            list += "<p>\(step.text)</p>\n"
            if let code = step.code { list += "<pre class=\"code\" tabindex=\"0\">\(code)</pre>\n" }
        }
        return """
            <article aria-labelledby="\(target.rawValue)">
            <h2 id="\(target.rawValue)">\(target.title)</h2>
            \(steps)</article>

            """
    }
}
