import Addressing

@testable import Wire

/// What a request head said, as values that tests compare.
struct RequestFacts: Equatable, Sendable {
    var method: String
    var target: String
    var form: HTTP1.Target.Form
    var path = ""
    var authority: String?
    var hostAgrees = true
    var version = HTTP1.Version.http11
    var framing = HTTP1.BodyFraming.none
    var isPersistent = true
    /// `name=value`, in order, as sent.
    var fields: [String] = []
    var connectionNames: [String] = []
}

extension RequestFacts {
    init(_ head: HTTP1.RequestHead, _ bytes: Span<UInt8>) {
        method = text(bytes, head.methodRange)
        target = text(bytes, head.targetRange)
        form = head.target.form
        path = text(bytes, head.target.path)
        authority = head.authority?.description
        hostAgrees = head.hostAgrees
        version = head.version
        framing = head.framing
        isPersistent = head.isPersistent
        fields = head.fields.map { text(bytes, $0.name) + "=" + text(bytes, $0.value) }
        connectionNames = head.fieldSection.connectionNames.map { text(bytes, $0) }
    }
}

struct ResponseFacts: Equatable, Sendable {
    var status: Int
    var reason: String
    var version: HTTP1.Version
    var framing: HTTP1.BodyFraming
    var isPersistent: Bool
    var fields: [String]

    init(_ head: HTTP1.ResponseHead, _ bytes: Span<UInt8>) {
        status = head.status
        reason = text(bytes, head.reason)
        version = head.version
        framing = head.framing(answering: .get)
        isPersistent = head.isPersistent
        fields = head.fields.map { text(bytes, $0.name) + "=" + text(bytes, $0.value) }
    }
}

/// Bytes as Latin-1, so that each is one character.
func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var text = ""
    for index in range { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    return text
}
