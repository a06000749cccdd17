import Testing

@testable import Proxy

@Suite("The page for browsers")
struct AnswerPageTests {
    @Test("Names are replaced, everything else stays")
    func replaced() throws {
        let page = try AnswerPage(template: "{{title}}<b>{{ {{host}}}}".replacing("{{ ", with: "{ "))
        #expect(page.render(["title": "T", "host": "h"]) == "T<b>{ h}}")
        #expect(try AnswerPage(template: "").render([:]) == "")
        #expect(
            try AnswerPage(template: "{{reason}}|{{rule}}").render(["rule": "{{host}}", "host": "no"]) == "|{{host}}")
    }

    @Test("Every name that is promised can be used")
    func names() throws {
        for name in AnswerPage.names {
            #expect(try AnswerPage(template: "<{{\(name)}}>").render([name: "x"]) == "<x>")
        }
    }

    @Test(
        "What is put in can't leave its place, in text and attributes alike",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"), ("a&b", "a&amp;b"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"), ("\"\u{301}", "&quot;\u{301}"), ("<\u{338}", "&lt;\u{338}"),
            ("'\u{200d}'", "&#39;\u{200d}&#39;"), ("\r\n", "\r\n"), ("\u{e9}", "\u{e9}"), ("&amp;", "&amp;amp;"),
        ])
    func escaped(text: String, escaped: String) throws {
        // By scalars: texts that are only canonically equal are not the same bytes.
        #expect(Array(AnswerPage.escaped(text).unicodeScalars) == Array(escaped.unicodeScalars))
        let page = try AnswerPage(template: "<p title=\"{{reason}}\">").render(["reason": text])
        #expect(Array(page.utf8) == Array("<p title=\"\(escaped)\">".utf8))
    }

    @Test("A template with a mistake is refused with what is allowed")
    func mistakes() {
        let allowed =
            "allowed are {{status}}, {{title}}, {{message}}, {{host}}, {{rule}}, {{entry}}, {{reason}}, {{request}}, "
            + "{{url}}"
        let mistakes: [(String, AnswerPageError, String)] = [
            ("a {{hots}} b", .unknownName("hots"), "{{hots}} is no name that a page can use; \(allowed)"),
            ("{{ host }}", .unknownName(" host "), "{{ host }} is no name that a page can use; \(allowed)"),
            ("{{}}", .unknownName(""), "{{}} is no name that a page can use; \(allowed)"),
            ("a {{host", .unclosed("host"), "{{host has no }}; \(allowed)"),
            ("{{host}", .unclosed("host}"), "{{host} has no }}; \(allowed)"),
        ]
        for (template, error, text) in mistakes {
            #expect(throws: error) { try AnswerPage(template: template) }
            #expect(error.description == text)
        }
    }

    @Test("The page that comes with the program says everything and loads nothing")
    func standard() {
        let values = Dictionary(uniqueKeysWithValues: AnswerPage.names.map { ($0, "<\($0)>") })
        let page = AnswerPage.standard.render(values)
        for name in AnswerPage.names { #expect(page.contains("&lt;\(name)&gt;"), "\(name)") }
        // Its links lead to the proxy's own pages.
        let others = page.replacing("<a href=\"http://sallyport.internal/", with: "")
        for loaded in ["<script", "src=", "href=", "url(", "@import", "<form", "<iframe", "http"] {
            #expect(!others.contains(loaded), "\(loaded)")
        }
    }
}
