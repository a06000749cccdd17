import Addressing
import Wire

/// Makes the head that is sent on from the one that came: start line new, hop-by-hop fields gone, the others untouched, in
/// their order and spelling.
///
/// Spec: RFC 9110 §7.6, RFC 9112 §3.2.
struct HeadRewriter {
    private let source: UnsafeBufferPointer<UInt8>

    /// - Parameter source: the head as it came; ranges point into it.
    init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
    }

    // MARK: - Requests

    /// Appends the head of the request in origin-form.
    ///
    /// - Parameters:
    ///   - head: with a `Max-Forwards` that has not run out, if it heeds one.
    ///   - upgrading: whether the client's wish for another protocol is passed on.
    ///   - via: the name of the proxy, if it is to be told.
    ///   - client: who is named to the origin, if `forwarded` wants that.
    func appendRequest(
        _ head: HTTP1.RequestHead, to authority: Authority, upgrading: Bool, via: String?, for client: IPAddress,
        _ forwarded: Configuration.ForwardedField, into out: inout [UInt8]
    ) {
        // What is added is made of the head's own pieces, of the authority, and of what is told of the client and us.
        let most = 2 * head.length + head.fields.count + Self.mostAdded + (via?.utf8.count ?? 0)
        BoundedText.append(to: &out, atMost: most) { out in
            putRequest(head, to: authority, upgrading: upgrading, via: via, for: client, forwarded, &out)
        }
    }

    private func putRequest(
        _ head: HTTP1.RequestHead, to authority: Authority, upgrading: Bool, via: String?, for client: IPAddress,
        _ forwarded: Configuration.ForwardedField, _ out: inout BoundedText
    ) {
        copy(head.methodRange, into: &out)
        out.put(UInt8(ascii: " "))
        appendPath(head, into: &out)
        out.put(" HTTP/1.1\r\n")
        if head.fieldSection.value(of: .host) == nil { appendHost(authority, into: &out) }
        copyFields(head.fieldSection, end: head.length, into: &out) { field in
            switch field {
            case .host: .replaced
            case .maxForwards where head.maxForwards != nil: .replaced
            default: Self.isHopByHop(field) ? .dropped : .kept
            }
        } replacement: { field, out in
            if field == .host {
                appendHost(authority, into: &out)
            } else {
                out.put(text: "Max-Forwards: \((head.maxForwards ?? 1) - 1)\r\n")
            }
        }
        if head.framing == .chunked { out.put("Transfer-Encoding: chunked\r\n") }
        if upgrading { appendUpgrade(head.fieldSection, into: &out) }
        if let via { appendVia(head.version, via, into: &out) }
        appendClient(client, forwarded, into: &out)
        out.put("\r\n")
    }

    // MARK: - Responses

    /// How the client's connection stands after the response.
    enum Persistence {
        case persistent
        case closing
        case upgraded
    }

    /// Appends the head of a response.
    ///
    /// - Parameters:
    ///   - isChunked: whether the body is sent to the client in chunks.
    ///   - date: the value of a `Date` field, for a response that has none; nil adds none.
    func appendResponse(
        _ head: HTTP1.ResponseHead, _ persistence: Persistence, isChunked: Bool, date: [UInt8]?,
        into out: inout [UInt8]
    ) {
        let most = 2 * head.length + head.fields.count + Self.mostAdded + (date?.count ?? 0)
        BoundedText.append(to: &out, atMost: most) { out in
            putResponse(head, persistence, isChunked: isChunked, date: date, &out)
        }
    }

    private func putResponse(
        _ head: HTTP1.ResponseHead, _ persistence: Persistence, isChunked: Bool, date: [UInt8]?,
        _ out: inout BoundedText
    ) {
        out.put("HTTP/1.1 ")
        copy(Self.status, into: &out)
        out.put(UInt8(ascii: " "))
        copy(head.reason, into: &out)
        out.put("\r\n")
        copyFields(head.fieldSection, end: head.length, into: &out) { field in
            Self.isHopByHop(field) ? .dropped : .kept
        } replacement: { _, _ in
        }
        if isChunked { out.put("Transfer-Encoding: chunked\r\n") }
        if let date, head.fieldSection.value(of: .date) == nil {
            out.put("Date: ")
            date.withUnsafeBufferPointer { out.put($0) }
            out.put("\r\n")
        }
        switch persistence {
        case .persistent: break
        case .closing: out.put("Connection: close\r\n")
        case .upgraded: appendUpgrade(head.fieldSection, into: &out)
        }
        out.put("\r\n")
    }

    // MARK: - Private

    /// An authority, the names of fields that are made anew, and addresses: more than all that is ever added.
    private static let mostAdded = 1024

    /// Where the status stands in the head of a response. Spec: RFC 9112 §4.
    private static let status = 9..<12

    /// Fields that end at this hop whether or not `Connection` names them. Spec: RFC 9110 §7.6.1.
    private static func isHopByHop(_ field: HTTP1.KnownField) -> Bool {
        switch field {
        case .connection, .proxyConnection, .keepAlive, .te, .trailer, .transferEncoding, .upgrade, .proxyAuthorization,
            .proxyAuthenticate, .proxyAuthenticationInfo, .http2Settings:
            true
        default: false
        }
    }

    private enum Treatment {
        case kept
        case dropped
        case replaced
    }

    /// Copies field lines, those that stay together in one go; what `Connection` names is dropped.
    private func copyFields(
        _ section: HTTP1.FieldSection, end: Int, into out: inout BoundedText,
        treatment: (HTTP1.KnownField) -> Treatment, replacement: (HTTP1.KnownField, inout BoundedText) -> Void
    ) {
        let fields = section.fields
        guard let first = fields.first else { return }
        // The empty line that ends the head is no field.
        let fieldsEnd = end - 2
        var runStart = first.name.lowerBound
        for index in fields.indices {
            let field = fields[index]
            if field.known == .other && section.connectionNames.isEmpty { continue }
            let treated = isNamed(field, in: section) ? .dropped : treatment(field.known)
            guard treated != .kept else { continue }
            copy(runStart..<field.name.lowerBound, into: &out)
            if treated == .replaced { replacement(field.known, &out) }
            runStart = index + 1 < fields.count ? fields[index + 1].name.lowerBound : fieldsEnd
        }
        copy(runStart..<fieldsEnd, into: &out)
    }

    /// Whether `Connection` lists the field, by any spelling.
    private func isNamed(_ field: HTTP1.Field, in section: HTTP1.FieldSection) -> Bool {
        for name in section.connectionNames where name.count == field.name.count {
            if (0..<name.count).allSatisfy({ folded(name.lowerBound + $0) == folded(field.name.lowerBound + $0) }) {
                return true
            }
        }
        return false
    }

    private func folded(_ index: Int) -> UInt8 {
        let byte = source[index]
        return byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Spec: RFC 9112 §3.2.1 and §3.2.4: no path is `/`, or `*` for OPTIONS.
    private func appendPath(_ head: HTTP1.RequestHead, into out: inout BoundedText) {
        let path = head.target.path
        if path.isEmpty {
            out.put(head.method == .options ? "*" : "/")
        } else {
            if source[path.lowerBound] != UInt8(ascii: "/") { out.put(UInt8(ascii: "/")) }
            copy(path, into: &out)
        }
    }

    /// The target's authority in normal form: what the policy has judged is what the origin is asked for.
    private func appendHost(_ authority: Authority, into out: inout BoundedText) {
        out.put("Host: ")
        switch authority.host {
        case .name(let name): out.put(text: name.text)
        case .address(let address):
            if !address.isV4 { out.put(UInt8(ascii: "[")) }
            out.put(address)
            if !address.isV4 { out.put(UInt8(ascii: "]")) }
        }
        if authority.port.rawValue != 80 {
            out.put(UInt8(ascii: ":"))
            out.put(text: authority.port.description)
        }
        out.put("\r\n")
    }

    private func appendUpgrade(_ section: HTTP1.FieldSection, into out: inout BoundedText) {
        out.put("Connection: upgrade\r\n")
        for field in section.fields where field.known == .upgrade {
            out.put("Upgrade: ")
            copy(field.value, into: &out)
            out.put("\r\n")
        }
    }

    /// Spec: RFC 9110 §7.6.3.
    private func appendVia(_ version: HTTP1.Version, _ name: String, into out: inout BoundedText) {
        out.put(version == .http11 ? "Via: 1.1 " : "Via: 1.0 ")
        out.put(text: name)
        out.put("\r\n")
    }

    /// Spec: RFC 7239 §6.
    private func appendClient(_ client: IPAddress, _ field: Configuration.ForwardedField, into out: inout BoundedText) {
        switch field {
        case .none: break
        case .forwarded:
            out.put(text: client.isV4 ? "Forwarded: for=\(client)\r\n" : "Forwarded: for=\"[\(client)]\"\r\n")
        case .xForwardedFor: out.put(text: "X-Forwarded-For: \(client)\r\n")
        }
    }

    private func copy(_ range: Range<Int>, into out: inout BoundedText) {
        out.put(UnsafeBufferPointer(rebasing: source[range]))
    }
}
