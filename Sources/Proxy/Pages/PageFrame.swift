/// What the proxy's own pages have in common.
///
/// They work without scripts, and nothing in them is loaded from elsewhere: one style sheet, `/style.css`.
enum PageFrame {
    private static let places: [(path: String, name: String)] = [
        ("/", "This works"), ("/blocked", "Blocked for you"), ("/why", "Why?"), ("/setup", "Set up"),
    ]

    /// - Parameter path: which of the pages it is, if it is one that is named in the navigation.
    static func page(_ title: String, at path: String? = nil, _ body: HTML, _ visit: Visit) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title) – Sallyport</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/style.css">
        </head>
        <body>
        <a class="skip" href="#main">To the content</a>
        <header>
        <p class="name">Sallyport</p>
        <nav aria-label="Pages of this proxy"><ul>
        \(navigation(path))</ul></nav>
        </header>
        <main id="main">
        <h1>\(title)</h1>
        \(body)
        </main>
        <footer><p>Sallyport \(visit.settings.version), the proxy at \(visit.proxy.description). Policy
        <code>\(visit.ruleset.fingerprint)</code>.</p></footer>
        </body>
        </html>

        """
    }

    private static func navigation(_ current: String?) -> HTML {
        places.reduce(into: "") { list, place in
            let mark: HTML = place.path == current ? " aria-current=\"page\"" : ""
            list += "<li><a href=\"\(place.path)\"\(mark)>\(place.name)</a></li>\n"
        }
    }

    /// A list of names and what they stand for.
    static func facts(_ rows: [(name: String, value: HTML)]) -> HTML {
        let rows = rows.reduce(into: HTML("")) { $0 += "<div><dt>\($1.name)</dt><dd>\($1.value)</dd></div>\n" }
        return "<dl>\n\(rows)</dl>\n"
    }

    static let style = """
        :root { color-scheme: light dark; --ground: #fbfaf7; --card: #fff; --ink: #1d2326; --soft: #555f64; --line: #d9d8d2;
          --link: #0b5a83; --good: #17663a; --bad: #a32020; --code: #f1efe9 }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14181a; --card: #1c2225; --ink: #e8e9e6; --soft: #a9b3b7; --line: #38424690; --link: #7cc4ee;
            --good: #77d19b; --bad: #ff9b94; --code: #262d31 }
        }
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 52rem; padding: 0 1.25rem 3rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.55 system-ui, "DejaVu Sans", sans-serif; overflow-wrap: break-word }
        header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline; padding: 1rem 0 .75rem;
          border-bottom: 1px solid var(--line) }
        .name { margin: 0; font-weight: 700; letter-spacing: .01em }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none }
        a { color: var(--link); text-underline-offset: .15em }
        nav a { display: inline-block; padding: .3rem 0 }
        nav a[aria-current] { color: inherit; font-weight: 600; text-decoration-thickness: .15em }
        a:focus-visible, button:focus-visible, input:focus-visible, [tabindex]:focus-visible {
          outline: .2rem solid var(--link); outline-offset: .15rem; border-radius: .15rem }
        .skip { position: absolute; left: -100vw } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 1.75rem 0 .75rem }
        h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 .5rem }
        p { margin: .6rem 0 } li { margin: .3rem 0 }
        dl { margin: 1.25rem 0; padding: .35rem 1.1rem; background: var(--card); border: 1px solid var(--line);
          border-radius: .5rem }
        dl div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .5rem 0 }
        dl div + div { border-top: 1px solid var(--line) }
        dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
        code, pre, kbd { font: .9em/1.5 ui-monospace, "DejaVu Sans Mono", monospace }
        pre { margin: .6rem 0; padding: .75rem 1rem; overflow-x: auto; background: var(--code); border: 1px solid var(--line);
          border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere }
        pre.code { white-space: pre; overflow-wrap: normal }
        form { margin: 1.25rem 0 } label { display: block; font-weight: 600; margin-bottom: .35rem }
        .field { display: flex; flex-wrap: wrap; gap: .6rem }
        input, button { font: inherit; padding: .5rem .8rem; border-radius: .4rem; border: 1px solid var(--soft) }
        input { flex: 1 1 16rem; min-width: 0; background: var(--card); color: inherit }
        button { background: var(--link); border-color: var(--link); color: var(--ground); font-weight: 600; cursor: pointer }
        .good { color: var(--good); font-weight: 700 } .bad { color: var(--bad); font-weight: 700 }
        .soft { color: var(--soft) }
        ul.contents { columns: 9rem; padding-left: 1.2rem; margin: 1.25rem 0 }
        article h2 { margin-top: .6rem }
        article { margin: 1rem 0; padding: .5rem 1.1rem .75rem; background: var(--card); border: 1px solid var(--line);
          border-radius: .5rem }
        table { width: 100%; border-collapse: collapse; margin: 1.25rem 0; background: var(--card) }
        th, td { text-align: left; vertical-align: top; padding: .6rem .75rem; border: 1px solid var(--line);
          overflow-wrap: anywhere }
        th { color: var(--soft); font-weight: 600 } td small { color: var(--soft) } td.when { white-space: nowrap }
        footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem }
        @media (max-width: 40rem) {
          nav li { margin: 0 } table { background: none } tr { background: var(--card) }
          h1 { font-size: 1.45rem } dl div { grid-template-columns: 1fr }
          table, tbody, tr, td { display: block } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
          tr { border: 1px solid var(--line); border-radius: .5rem; margin: .75rem 0; padding: .4rem 0 }
          td { border: 0; padding: .25rem .9rem } td::before { content: attr(data-label) " "; color: var(--soft); display: block;
            font-size: .85rem }
        }

        """
}
