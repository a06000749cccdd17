import Wire

/// What an HTTP request shows of who sent it.
enum LoginOffer {
    case nothing
    /// Something that is no credentials, or several at once.
    case malformed
    case credentials(Credentials)

    var isSomething: Bool {
        if case .nothing = self { false } else { true }
    }

    /// Reads `Proxy-Authorization`, or where the proxy is asked as a website `Authorization`. Credentials of another scheme
    /// are as good as none: the answer says which is taken.
    init(_ head: HTTP1.RequestHead, _ bytes: Span<UInt8>, from wanted: HTTP1.KnownField = .proxyAuthorization) {
        self = .nothing
        for field in head.fields where field.known == wanted {
            guard case .nothing = self else {
                self = .malformed
                return
            }
            switch HTTP1.BasicCredentials.read(bytes.extracting(field.value)) {
            case .credentials(let credentials): self = .credentials(Credentials(credentials))
            case .otherScheme: break
            case .malformed: self = .malformed
            }
        }
    }
}
