import Policy

/// `/why?url=…`: what `sallyport explain` says, for whoever asks, now.
struct WhyPage {
    let status: UInt16
    let body: HTML

    init(_ visit: Visit, _ query: [UInt8]) {
        var address = ""
        do {
            address = try Query.value(of: "url", in: query) ?? ""
            address.trimBlanks()
            guard !address.isEmpty else {
                (status, body) = (200, Self.form(""))
                return
            }
            let subject = try ExplainSubject(address)
            (status, body) = (200, "\(Self.form(address))\(Self.answer(subject, visit))")
        } catch {
            status = 400
            body =
                "\(Self.form(address))<p role=\"alert\"><span class=\"bad\">That can't be explained:</span> \("\(error)").</p>"
        }
    }

    // MARK: - Private

    private static func form(_ address: String) -> HTML {
        """
        <form method="get" action="/why">
        <label for="url">An address, such as https://www.example.com/ or www.example.com:443</label>
        <div class="field"><input id="url" name="url" value="\(address)" required spellcheck="false" autocapitalize="none"
        autocomplete="off" inputmode="url"><button>Ask</button></div>
        </form>

        """
    }

    /// What is held for a client that reads slowly is bounded, however many rules there are.
    private static func shown(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > mostLines else { return text }
        return lines[..<mostLines].joined(separator: "\n")
            + "\n… and \(lines.count - mostLines) more lines, which sallyport explain shows"
    }

    private static let mostLines = 1000

    private static func answer(_ subject: ExplainSubject, _ visit: Visit) -> HTML {
        if OwnName.isMeant(subject.authority.host) {
            return "<p>That is this proxy itself: its own pages are not judged by the policy.</p>"
        }
        let request = Request(
            client: visit.client, user: visit.user, host: subject.authority.host, port: subject.authority.port,
            via: subject.via, time: visit.now / 1_000_000)
        let explanation = visit.ruleset.explain(request)
        let text = ExplanationText(explanation, of: subject.authority, resolved: nil)
        let verdict: HTML =
            explanation.verdict.isAllowed
            ? "<span class=\"good\">Allowed</span>" : "<span class=\"bad\">Blocked</span>"
        let qualification =
            if case .dependsOnAddress = explanation.outcome { ", as far as the name alone can tell" } else { "" }
        return """
            <h2>\(subject.authority.description)</h2>
            <p>\(verdict)\(qualification), for you and at this moment. In the policy's own words:</p>
            <pre>\(shown(text.plain))</pre>
            """
    }
}

extension String {
    /// Takes blanks off both ends, which come along when something is copied.
    fileprivate mutating func trimBlanks() {
        self = String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
