import Addressing
import EventLoop
import Policy

/// Explains by the policy in force what it says of a request, in the words of `sallyport explain`.
struct Explainer {
    let ruleset: Ruleset

    func explain(_ request: Policy.Request, resolvedTo addresses: [IPAddress]?, wasAllowed: Bool?) -> [UInt8] {
        let explanation = ruleset.explain(request, resolvedTo: addresses)
        let text = ExplanationText(
            explanation, of: Authority(host: request.host, port: request.port), resolved: addresses)
        var asked = JSONObject()
        asked.add("client", "\(request.client)")
        if let user = request.user { asked.add("user", user) }
        asked.add("by", request.via.rawValue)
        asked.end()
        var object = Array("{\"asked\":".utf8) + asked.bytes
        if let wasAllowed {
            object += Array(",\"verdict_then\":\"\(wasAllowed ? "allow" : "deny")\"".utf8)
        }
        var plain = JSONObject()
        plain.add("text", text.plain)
        object += Array(",".utf8) + plain.bytes.dropFirst()
        object += Array(",\"explanation\":\(text.json)}\n".utf8)
        return JSONBytes.harmless(object)
    }

    /// What a request for an explanation asks of: `host` is a URL, a host, or a host and a port.
    static func request(_ values: AdminRequest) throws(AdminRefusal) -> Policy.Request {
        guard let text = try values.value("host"), !text.isEmpty else {
            throw AdminRefusal(400, "Of what? id or host is needed; client, user, port and by may come with host.")
        }
        let subject: ExplainSubject
        do throws(ExplainSubjectError) {
            subject = try ExplainSubject(text)
        } catch {
            throw AdminRefusal(400, "\(error).")
        }
        let client = try values.value("client") ?? "127.0.0.1"
        guard let address = IPAddress(client[...]) else {
            throw AdminRefusal(400, "\"\(client)\" is no address.")
        }
        var port = subject.authority.port
        if let text = try values.value("port") {
            guard let number = UInt16(text), number > 0 else {
                throw AdminRefusal(400, "\"\(text)\" is no port; they are from 1 to 65535.")
            }
            port = Port(number)
        }
        var via = subject.via
        if let text = try values.value("by") {
            guard let named = Via(rawValue: text) else {
                let all = Via.allCases.map(\.rawValue).joined(separator: ", ")
                throw AdminRefusal(400, "\"\(text)\" is not known; \(all) are.")
            }
            via = named
        }
        return Policy.Request(
            client: address, user: try values.value("user"), host: subject.authority.host, port: port, via: via,
            time: WallClock.microseconds() / 1_000_000)
    }
}
