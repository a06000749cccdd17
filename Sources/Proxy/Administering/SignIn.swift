/// How a browser on another machine shows the token: in a form, once, so that it stands in no address, no history and no log.
enum SignIn {
    /// What those are answered who have shown nothing yet; nil where there is nothing for them.
    static func answer(_ request: AdminRequest, at desk: AdminDesk) throws(AdminRefusal) -> AdminContent? {
        switch (request.method, request.path) {
        case (.get, "/"), (.head, "/"): page(401)
        case (.get, "/dashboard.css"), (.head, "/dashboard.css"): DashboardPage.styleSheet
        case (.post, "/signin"): try begin(request, at: desk)
        default: nil
        }
    }

    static func end(_ request: AdminRequest, at desk: AdminDesk) -> AdminContent {
        desk.sessions.end(request.cookie(AdminSessions.cookie))
        return seeOther("\(AdminSessions.cookie)=; Max-Age=0")
    }

    // MARK: - Private

    private static func begin(_ request: AdminRequest, at desk: AdminDesk) throws(AdminRefusal) -> AdminContent {
        guard let shown = try request.value("token"), let token = desk.gate.token,
            AdminGate.areEqual(token, Array(shown.utf8))
        else { return page(403, "That is not the token.") }
        return seeOther(
            "\(AdminSessions.cookie)=\(desk.sessions.begin(at: desk.loop.now)); Max-Age=\(AdminSessions.seconds)")
    }

    private static func seeOther(_ cookie: String) -> AdminContent {
        var content = AdminContent("")
        content.status = 303
        content.fields = "Location: /\r\nSet-Cookie: \(cookie); Path=/; HttpOnly; SameSite=Strict\r\n"
        return content
    }

    private static func page(_ status: UInt16, _ complaint: String = "") -> AdminContent {
        let alert: HTML = complaint.isEmpty ? "" : "<p role=\"alert\" class=\"bad\">\(complaint)</p>"
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in – Sallyport</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/dashboard.css">
            </head>
            <body class="door">
            <main>
            <h1>Sallyport</h1>
            \(alert)<form method="post" action="/signin">
            <label for="token">The token of this proxy's operators</label>
            <input id="token" name="token" type="password" required autofocus autocomplete="current-password">
            <button>Sign in</button>
            </form>
            <p class="soft">It is in the file that <code>--admin-token</code> names. This browser is known for twelve hours
            then.</p>
            </main>
            </body>
            </html>

            """
        var content = AdminContent(page.text, contentType: "text/html; charset=utf-8")
        content.status = status
        content.fields = DashboardPage.guards
        return content
    }
}
