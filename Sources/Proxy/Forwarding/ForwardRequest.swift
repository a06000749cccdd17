import Addressing
import Wire

/// What has to be known of a plain HTTP request once its head is gone: how to send it on, and how to answer it.
struct ForwardRequest {
    var method = HTTP1.Method.other
    var framing = HTTP1.BodyFraming.none
    /// HTTP/1.0 clients get no chunks and no 1xx.
    var isHTTP10 = false
    /// Whether the client may send another request on its connection.
    var isPersistent = false
    /// Whether it asks for another protocol, and may get it.
    var asksUpgrade = false
    /// Whether the client may be waiting for 100 before it sends the body.
    var expectsContinue = false
    /// Whether the client shows HTML to a person.
    var acceptsHTML = false
    /// Whether its credentials belong to the connection (NTLM, Negotiate), which then is no other client's.
    var bindsConnection = false

    init() {}

    init(_ head: HTTP1.RequestHead, _ bytes: Span<UInt8>) {
        method = head.method
        framing = head.framing
        isHTTP10 = head.version == .http10
        isPersistent = head.isPersistent
        asksUpgrade = head.asksUpgrade
        expectsContinue = head.expectsContinue
        for field in head.fields {
            switch field.known {
            case .accept: acceptsHTML = acceptsHTML || bytes.extracting(field.value).contains("text/html")
            case .authorization: bindsConnection = bytes.extracting(field.value).namesConnectionAuthentication
            // HTTP/2 in clear text would carry requests that are neither judged nor recorded. Who asks for it can do
            // without (RFC 9110 §7.8), and goes on in HTTP/1.1.
            case .upgrade where bytes.extracting(field.value).contains("h2c"): asksUpgrade = false
            default: break
            }
        }
    }

    /// Whether sending it twice does no more than sending it once. Spec: RFC 9110 §9.2.2.
    var isIdempotent: Bool {
        switch method {
        case .get, .head, .options, .trace, .put, .delete: true
        case .post, .patch, .connect, .other: false
        }
    }

    /// Whether it may go on a connection that the origin could be closing at this moment: then it may be sent again.
    var isRepeatable: Bool { isIdempotent && framing == .none }
}

extension Span<UInt8> {
    /// Whether the bytes contain `text`, which is lower case ASCII, without regard to case.
    func contains(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return (0...(count - text.utf8CodeUnitCount)).contains { matches(text, at: $0) }
    }

    /// Whether credentials are of a scheme that authenticates the connection instead of the request.
    ///
    /// Spec: RFC 4559 §6 (its warning to proxies).
    var namesConnectionAuthentication: Bool {
        matches("ntlm", at: 0) || matches("negotiate", at: 0)
    }

    /// Whether one of a list of challenges may be of such a scheme. To think so of another costs no more than a connection
    /// that nobody shares.
    var offersConnectionAuthentication: Bool { contains("ntlm") || contains("negotiate") }

    private func matches(_ text: StaticString, at start: Int) -> Bool {
        guard count - start >= text.utf8CodeUnitCount else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { index in
            let byte = self[start + index]
            let folded = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            return folded == text.utf8Start[index]
        }
    }
}
