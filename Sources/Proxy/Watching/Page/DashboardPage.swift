/// The dashboard: a page, its style sheet and its script, all of it here, and nothing from elsewhere.
enum DashboardPage {
    static let page = content(markup, "text/html; charset=utf-8")
    static let styleSheet = content(style, "text/css; charset=utf-8")
    static let scriptFile = content(script, "text/javascript; charset=utf-8")

    /// Scripts from here alone, no other page around it, nothing told to other sites.
    static let guards = """
        Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
        img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r
        X-Frame-Options: DENY\r
        Referrer-Policy: same-origin\r
        Cross-Origin-Opener-Policy: same-origin\r
        Cross-Origin-Resource-Policy: same-origin\r

        """

    static let script = "\"use strict\";\n" + scriptText + scriptPlots + scriptTables + scriptRecord + scriptMain

    private static func content(_ text: String, _ type: String) -> AdminContent {
        var content = AdminContent(text, contentType: type)
        content.fields = guards
        return content
    }
}
