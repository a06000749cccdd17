import Addressing

@testable import Policy

extension Request {
    /// A request as most tests need it.
    init(
        _ host: String, port: UInt16 = 443, from client: String = "192.0.2.10", user: String? = nil,
        by via: Via = .connect,
        at time: Int64 = 0
    ) throws {
        self.init(
            client: IPAddress(client)!, user: user, host: try Host(host), port: Port(port), via: via, time: time)
    }
}

extension Ruleset {
    /// What becomes of a request whose name resolves to `addresses`, in words: `deny policy.conf:3 why lists/ads.txt:7`
    /// with paths as they are in the folder, the look-up marked by `?`.
    func answer(_ request: Request, resolvingTo addresses: [String] = [], in folder: PolicyFolder) -> [String] {
        switch decide(request) {
        case .denied(let verdict): [text(verdict, folder)]
        case .permitted(let permit): [text(permit.verdict, folder)]
        case .resolve(let pending):
            answer(pending.judge(addresses.map { IPAddress($0)! }), in: folder)
        }
    }

    /// What becomes of a tunnel to `address` that begins with such bytes.
    func answer(_ request: Request, dialled address: IPAddress, _ tls: TLSFacts, in folder: PolicyFolder) -> String {
        text(judge(request, dialled: address, tls: tls), folder)
    }

    private func answer(_ judgement: Judgement, in folder: PolicyFolder) -> [String] {
        var texts = judgement.refused.map { "\($0.address) " + text($0.verdict, folder) }
        if let permit = judgement.permit {
            texts.append(
                permit.addresses.map(\.description).joined(separator: " ") + " " + text(permit.verdict, folder))
        }
        return texts.isEmpty ? ["resolve"] : texts
    }

    private func text(_ verdict: Verdict, _ folder: PolicyFolder) -> String {
        var words = [verdict.isAllowed ? "allow" : "deny", folder.relative(verdict.rule)]
        if let reason = verdict.reason { words.append("(\(reason))") }
        if let id = verdict.id { words.append("#" + id) }
        if let entry = verdict.entry { words.append(folder.relative(entry)) }
        words += verdict.wouldDeny.map { "report " + folder.relative($0.rule) }
        return words.joined(separator: " ")
    }
}
