import Addressing
import Wire

/// Who may ask, and whether it is they who ask and not a page in their browser.
struct AdminGate {
    /// What clients from elsewhere have to show; nil where there are none.
    let token: [UInt8]?

    /// - Parameters:
    ///   - isNear: whether the client is on this machine.
    ///   - isKnown: whether it has shown the token before.
    func check(_ request: AdminRequest, isNear: Bool, isKnown: Bool = false) throws(AdminRefusal) {
        try checkHost(request.host)
        if request.method != .get && request.method != .head { try checkOrigin(request) } else { try checkUse(request) }
        guard !isNear && !isKnown else { return }
        guard let token, let shown = Self.bearer(request.authorization), Self.areEqual(token, shown) else {
            throw AdminRefusal(
                401, "From other machines a token is needed: Authorization: Bearer TOKEN.",
                fields: "WWW-Authenticate: Bearer realm=\"Sallyport\"\r\n")
        }
    }

    /// The bytes are compared to the end, whatever they are: the time taken tells nothing of how many agree.
    static func areEqual(_ token: [UInt8], _ shown: [UInt8]) -> Bool {
        var difference = token.count ^ shown.count
        for index in shown.indices { difference |= Int(shown[index] ^ token[index % token.count]) }
        return difference == 0
    }

    // MARK: - Private

    /// A page whose own name leads here (DNS rebinding) sends that name.
    private func checkHost(_ host: Host?) throws(AdminRefusal) {
        switch host {
        case nil, .address: return
        case .name(let name) where name.text == "localhost": return
        case .name:
            throw AdminRefusal(403, "The Host field must be an address or localhost.")
        }
    }

    /// Spec: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header, RFC 6454 §7.
    private func checkOrigin(_ request: AdminRequest) throws(AdminRefusal) {
        let refusal = AdminRefusal(403, "Pages from elsewhere may change nothing here.")
        if let site = request.fetchSite, site != "same-origin", site != "none" { throw refusal }
        guard let origin = request.origin else { return }
        guard origin.hasPrefix("http://"), let authority = request.authority, origin.dropFirst(7) == authority else {
            throw refusal
        }
    }

    /// Pages from elsewhere may link here, and use nothing of it: they would take the places of those who watch.
    ///
    /// Spec: https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header
    private func checkUse(_ request: AdminRequest) throws(AdminRefusal) {
        guard let site = request.fetchSite, site != "same-origin", site != "none", request.fetchMode != "navigate"
        else { return }
        throw AdminRefusal(403, "Pages from elsewhere may use nothing here.")
    }

    private static func bearer(_ authorization: String?) -> [UInt8]? {
        guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return nil }
        return Array(authorization.dropFirst(7).drop { $0 == " " }.utf8)
    }
}
