/// The HTML page by which the proxy tells a browser's user what happened. A template with `{{name}}` in place of:
/// `status`, `title`, `message`, `host`, `rule`, `entry`, `reason`, `request`, and `url`: the address asked for, as it can
/// stand in a query. Whatever is put in is escaped.
public struct AnswerPage: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case value(String)
    }

    private let pieces: [Piece]

    /// The names that a template may use.
    public static let names = ["status", "title", "message", "host", "rule", "entry", "reason", "request", "url"]

    /// - Throws: `AnswerPageError` when the template uses a name that there isn't, or doesn't close one.
    public init(template: String) throws(AnswerPageError) {
        var pieces: [Piece] = []
        var rest = template[...]
        while let open = rest.firstRange(of: "{{") {
            pieces.append(.text(String(rest[..<open.lowerBound])))
            let after = rest[open.upperBound...]
            guard let close = after.firstRange(of: "}}") else { throw .unclosed(String(after.prefix(20))) }
            let name = String(after[..<close.lowerBound])
            guard Self.names.contains(name) else { throw .unknownName(name) }
            pieces.append(.value(name))
            rest = after[close.upperBound...]
        }
        pieces.append(.text(String(rest)))
        self.pieces = pieces
    }

    func render(_ values: [String: String]) -> String {
        pieces.reduce(into: "") { page, piece in
            switch piece {
            case .text(let text): page += text
            case .value(let name): page += Self.escaped(values[name] ?? "")
            }
        }
    }

    /// What stands in a page as text and in its attributes alike. Scalar by scalar: a combining mark after a quote makes
    /// another `Character` of it, but no other character for a browser.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// The page as it comes with the program.
    static let standard: AnswerPage = {
        do throws(AnswerPageError) {
            return try AnswerPage(template: standardTemplate)
        } catch {
            preconditionFailure("the program's own page uses a name that there isn't: \(error)")
        }
    }()

    /// Where the links lead: to the proxy's own pages, which whoever sees this can reach.
    private static let standardTemplate = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}</title>
        <style>
        :root { --ground: #fbfaf7; --card: #fff; --ink: #1d2326; --soft: #555f64; --line: #d9d8d2; --link: #0b5a83 }
        @media (prefers-color-scheme: dark) {
        :root { --ground: #14181a; --card: #1c2225; --ink: #e8e9e6; --soft: #a9b3b7; --line: #384246; --link: #7cc4ee } }
        body { font: 1rem/1.55 system-ui, sans-serif; max-width: 42rem; margin: 8vh auto; padding: 0 1.25rem;
        background: var(--ground); color: var(--ink) }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .75rem } a { color: var(--link) }
        dl { margin: 1.5rem 0; padding: .35rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
        dl div { display: grid; grid-template-columns: 8rem 1fr; gap: 0 1rem; padding: .45rem 0 }
        dl div:has(dd:empty) { display: none }
        dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere } dd:empty::after { content: "\\2013" }
        a:focus-visible { outline: .2rem solid var(--link); outline-offset: .15rem }
        code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
        footer { margin-top: 2rem; color: var(--soft); font-size: .9rem }
        @media (max-width: 30rem) { dl div { grid-template-columns: 1fr } }
        </style>
        </head>
        <body>
        <main>
        <h1>{{title}}</h1>
        <p>{{message}}</p>
        <dl>
        <div><dt>Destination</dt><dd>{{host}}</dd></div>
        <div><dt>Reason</dt><dd>{{reason}}</dd></div>
        <div><dt>Rule</dt><dd>{{rule}}</dd></div>
        <div><dt>List entry</dt><dd>{{entry}}</dd></div>
        <div><dt>Request</dt><dd><code>{{request}}</code></dd></div>
        </dl>
        <p><a href="http://sallyport.internal/why?url={{url}}">What the policy says of this address</a>, and
        <a href="http://sallyport.internal/blocked">what was blocked for you</a>.</p>
        </main>
        <footer>{{status}} by Sallyport, the proxy of this network. Whoever runs it finds this request by
        <code>sallyport log tail --id {{request}}</code>.</footer>
        </body>
        </html>

        """
}

/// What is wrong with a template.
public enum AnswerPageError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownName(String)
    /// `{{` without `}}`; what follows it.
    case unclosed(String)

    public var description: String {
        let allowed = "allowed are " + AnswerPage.names.map { "{{\($0)}}" }.joined(separator: ", ")
        return switch self {
        case .unknownName(let name): "{{\(name)}} is no name that a page can use; \(allowed)"
        case .unclosed(let start): "{{\(start) has no }}; \(allowed)"
        }
    }
}
