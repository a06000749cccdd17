import Addressing
import Testing

@testable import Policy

@Suite("Explanations")
struct ExplanationTests {
    private static let policy = """
        list ads ads.txt
        net office 10.0.0.0/8
        time night 22:00-06:00 zone UTC
        report to port:!80,443
        allow to domain:good.example from net:office
        deny to list:ads reason "ads" id A-1
        deny to domain:blocked.example port:80 during time:night
        deny to domain:blocked.example from user:ann by socks
        deny to private
        deny to port:25
        deny to port:25 sni missing
        default allow
        """

    private static func explain(
        _ request: Request, _ addresses: [String]? = nil
    ) throws -> (outcome: String, findings: [String]) {
        let folder = PolicyFolder([
            "policy.conf": policy + "\n", "ads.txt": "||ads.example^\n@@||fine.ads.example^\n",
        ])
        let explanation = try folder.load().explain(request, resolvedTo: addresses?.map { IPAddress($0)! })
        let outcome =
            switch explanation.outcome {
            case .denied: "denied"
            case .permitted(let permit): "permitted \(permit.addresses.map(\.description).joined(separator: " "))"
            case .dependsOnAddress: "depends"
            }
        let findings = explanation.findings.map { finding in
            let line = finding.ground.rule.split(separator: ":").last!
            let entry = finding.ground.entry.map { " " + folder.relative($0) } ?? ""
            let role =
                switch finding.role {
                case .decided: "decided"
                case .reported: "reported"
                case .wouldMatch: "would match"
                case .depends: "depends"
                case .nearMiss(let misses):
                    "near: "
                        + misses.map { "\($0.condition) but \($0.why.replacing(folder.path + "/", with: ""))" }
                        .joined(separator: "; ")
                }
            return "\(line)\(entry) \(role)"
        }
        return (outcome, findings)
    }

    @Test("A denied name: the rule that decided, then what would have matched")
    func denied() throws {
        let (outcome, findings) = try Self.explain(Request("x.ads.example", port: 25))
        #expect(outcome == "denied")
        #expect(
            findings == [
                "4 reported", "6 ads.txt:1 decided", "9 depends", "10 would match", "11 depends", "12 would match",
            ])
    }

    @Test("Rules that match but for a condition say what was there instead")
    func nearMisses() throws {
        let noon = TimeTests.utc("2026-07-24", 12)
        let (outcome, findings) = try Self.explain(
            Request("www.blocked.example", port: 443, from: "192.0.2.10", user: "eve", at: noon), ["198.51.100.1"])
        #expect(outcome == "permitted 198.51.100.1")
        #expect(
            findings == [
                "7 near: to port:80 but the port is 443; during time:night but the time is fri 2026-07-24 12:00 UTC",
                "8 near: from user:ann but the user is eve; by socks but it came by connect", "12 decided",
            ])
    }

    @Test("An exception of a list is a reason not to match")
    func exceptions() throws {
        let (_, findings) = try Self.explain(Request("fine.ads.example"), ["198.51.100.1"])
        #expect(
            findings == ["6 near: to list:ads but excepted by ads.txt:2", "12 decided"])
    }

    @Test("A name that wasn't looked up depends on its addresses; they are judged when given")
    func addresses() throws {
        let open = try Self.explain(Request("good.example"))
        #expect(open.outcome == "depends")
        #expect(
            open.findings == [
                "5 near: from net:office but the client is 192.0.2.10", "9 depends", "12 decided",
            ])
        let inside = try Self.explain(Request("good.example"), ["10.0.0.1"])
        #expect(inside.outcome == "denied")
        #expect(inside.findings.contains("9 decided"))
        let mixed = try Self.explain(Request("good.example"), ["10.0.0.1", "198.51.100.1"])
        #expect(mixed.outcome == "permitted 198.51.100.1")
        #expect(mixed.findings.contains("12 decided"))
        let literal = try Self.explain(Request("10.0.0.1"))
        #expect(literal.outcome == "denied")
    }

    @Test("The text of a rule is what was written, without its reason")
    func text() throws {
        let folder = PolicyFolder([
            "policy.conf":
                "deny  to  domain:a.example,b.example   port:!80 by socks # c\nallow to !private reason \"x\"\ndefault deny\n"
        ])
        let texts = try folder.load().descriptions.map(\.text)
        #expect(texts == ["deny to domain:a.example,b.example port:!80 by socks", "allow to !private", "default deny"])
    }
}
