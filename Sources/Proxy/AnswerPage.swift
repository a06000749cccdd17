/// The HTML page by which the proxy tells a browser's user what happened. A template with `{{name}}` in place of:
/// `status`, `title`, `message`, `host`, `rule`, `entry`, `reason`, `request`. Whatever is put in is escaped.
public struct AnswerPage: Sendable {
    private enum Piece: Sendable {
        case text(String)
        case value(String)
    }

    private let pieces: [Piece]

    /// The names that a template may use.
    public static let names = ["status", "title", "message", "host", "rule", "entry", "reason", "request"]

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

    private static let standardTemplate = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}</title>
        <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 10vh auto; padding: 0 1.25rem }
        h1 { font-size: 1.4rem } dt { font-weight: 600; margin-top: .6rem } dd { margin: 0; overflow-wrap: anywhere }
        dd:empty::after { content: "\\2013" } footer { margin-top: 2rem; opacity: .7; font-size: .85rem }
        </style>
        </head>
        <body>
        <main>
        <h1>{{title}}</h1>
        <p>{{message}}</p>
        <dl>
        <dt>Destination</dt><dd>{{host}}</dd>
        <dt>Reason</dt><dd>{{reason}}</dd>
        <dt>Rule</dt><dd>{{rule}}</dd>
        <dt>List entry</dt><dd>{{entry}}</dd>
        </dl>
        </main>
        <footer>{{status}} by Sallyport, the proxy of this network. Request {{request}} stands in its log.</footer>
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
