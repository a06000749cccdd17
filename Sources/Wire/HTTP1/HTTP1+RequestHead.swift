import Addressing

extension HTTP1 {
    /// The head of a request: request line and fields, all that RFC 9112 lets a server refuse refused.
    ///
    /// Ranges point into the bytes that `parse` was given; who keeps a head keeps those. A value is meant to be used
    /// again for the next head: its arrays keep their storage.
    public struct RequestHead: Sendable {
        /// Bytes of the head, its final empty line included.
        public private(set) var length = 0
        public private(set) var method = Method.other
        /// The method as sent.
        public private(set) var methodRange = 0..<0
        /// The request target as sent.
        public private(set) var targetRange = 0..<0
        public private(set) var target = Target(form: .asterisk)
        public private(set) var version = Version.http11
        public private(set) var fieldSection = FieldSection()
        /// Where the request wants to go: from the target where that says so, else from the Host field; nil in an
        /// HTTP/1.0 request that has neither. Spec: RFC 9112 §3.2.2, §3.3.
        public private(set) var authority: Authority?
        /// Whether the Host field says the same as the target; true where one of them says nothing. When it differs
        /// the target has won, and the Host field that is sent on must be made anew.
        public private(set) var hostAgrees = true
        /// `Expect: 100-continue` in an HTTP/1.1 request; older clients can't mean it. Spec: RFC 9110 §10.1.1.
        public private(set) var expectsContinue = false
        public private(set) var proxyAuthorization: Range<Int>?
        /// How many more proxies an OPTIONS or TRACE request may pass; zero: we are its last recipient. Nil without the
        /// field, and with any other method, where it means nothing. Spec: RFC 9110 §7.6.2.
        public private(set) var maxForwards: Int?

        public init() {}

        public var fields: [Field] { fieldSection.fields }

        /// `none`, `length` or `chunked`. Spec: RFC 9112 §6.3.
        public var framing: BodyFraming {
            if fieldSection.isChunked { return .chunked }
            guard let length = fieldSection.contentLength, length > 0 else { return .none }
            return .length(length)
        }

        /// Whether the client may send another request on this connection. An HTTP/1.0 client may not, `keep-alive`
        /// or not: a proxy can't trust it to mean us. Spec: RFC 9112 §9.3.
        public var isPersistent: Bool {
            version == .http11 && !fieldSection.connection.contains(.close)
        }

        /// Whether the client asks to change the protocol: `Connection: upgrade` with an `Upgrade` field.
        public var asksUpgrade: Bool {
            version == .http11 && fieldSection.connection.contains(.upgrade)
                && fieldSection.value(of: .upgrade) != nil
        }

        /// Reads the head that `HeadScanner` found; bytes after it are left alone.
        ///
        ///     request-line = method SP request-target SP HTTP-version
        ///
        /// - Throws: `HTTP1.ParseError`; the client gets its `status`. The value is then of no use.
        ///
        /// Spec: RFC 9112 §3.
        public mutating func parse(_ bytes: Span<UInt8>) throws(ParseError) {
            guard let methodEnd = try HTTP1.methodEnd(bytes, from: 0) else { throw .unterminatedHead }
            methodRange = 0..<methodEnd
            method = Method(bytes, methodRange)
            targetRange = try HTTP1.targetRange(bytes, from: methodEnd + 1)
            let versionEnd: Int
            (version, versionEnd) = try HTTP1.requestVersion(bytes, from: targetRange.upperBound + 1)
            let fieldStart = try HTTP1.skipLineEnd(bytes, at: versionEnd)
            target = try Target(bytes, targetRange, method)
            length = try fieldSection.parse(bytes, from: fieldStart, version)
            try readFields(bytes)
            try readAuthority(bytes)
        }

        // MARK: - Private

        private mutating func readFields(_ bytes: Span<UInt8>) throws(ParseError) {
            proxyAuthorization = nil
            expectsContinue = false
            maxForwards = nil
            for field in fieldSection.fields {
                switch field.known {
                case .proxyAuthorization:
                    guard proxyAuthorization == nil else { throw .duplicateProxyAuthorization }
                    proxyAuthorization = field.value
                case .expect where version == .http11:
                    guard ByteClass.equal(bytes, field.value, "100-continue") else { throw .unknownExpectation }
                    expectsContinue = true
                case .maxForwards where method == .options || method == .trace:
                    guard maxForwards == nil else { throw .invalidMaxForwards }
                    maxForwards = try HTTP1.maxForwards(bytes, field.value)
                default: break
                }
            }
            // RFC 9110 §9.3.6: CONNECT has no content. Some old clients say so with a zero, which changes nothing.
            if method == .connect, framing != .none { throw .connectWithContent }
        }

        /// Spec: RFC 9112 §3.2 (one Host field, in HTTP/1.1 always), §3.2.2 (the target wins).
        private mutating func readAuthority(_ bytes: Span<UInt8>) throws(ParseError) {
            authority = try target.authority(bytes)
            hostAgrees = true
            var host: Range<Int>?
            for field in fieldSection.fields where field.known == .host {
                guard host == nil else { throw .duplicateHost }
                host = field.value
            }
            guard let host else {
                guard version == .http10 else { throw .missingHost }
                return
            }
            guard !host.isEmpty else { throw .emptyHost }
            if let range = target.authorityRange, HTTP1.equal(bytes, host, range) { return }
            let named: Authority
            let defaultPort = target.defaultPort ?? authority?.port ?? Target.Scheme.http.defaultPort
            do throws(HostError) {
                named = try Authority(parsing: bytes.extracting(host), defaultPort: defaultPort)
            } catch {
                throw .invalidHost(error)
            }
            if let authority {
                hostAgrees = named == authority
            } else {
                authority = named
            }
        }
    }
}
