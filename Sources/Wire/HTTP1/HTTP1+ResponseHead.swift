extension HTTP1 {
    /// The head of a response: status line and fields. As `RequestHead`, strict and meant to be used again.
    public struct ResponseHead: Sendable {
        /// Bytes of the head, its final empty line included.
        public private(set) var length = 0
        public private(set) var version = Version.http11
        /// 100–599.
        public private(set) var status = 0
        /// The reason phrase, perhaps empty; it means nothing to anyone.
        public private(set) var reason = 0..<0
        public private(set) var fieldSection = FieldSection()

        public init() {}

        public var fields: [Field] { fieldSection.fields }

        /// An answer before the answer. Spec: RFC 9110 §15.2.
        public var isInterim: Bool { status < 200 && status != 101 }

        /// Whether the origin keeps the connection for another request, once the body is through and provided that
        /// its framing isn't `untilClose`. Spec: RFC 9112 §9.3.
        public var isPersistent: Bool {
            let options = fieldSection.connection
            return !options.contains(.close) && (version == .http11 || options.contains(.keepAlive))
        }

        /// Where the body ends of this response to a request with `method`. Spec: RFC 9112 §6.3.
        public func framing(answering method: Method) -> BodyFraming {
            if method == .head || hasNoBody || status == 304 { return .none }
            // A tunnel: what a 2xx to CONNECT says about a body is to be ignored.
            if method == .connect, status < 300 { return .none }
            if fieldSection.isChunked { return .chunked }
            guard let length = fieldSection.contentLength else { return .untilClose }
            return length > 0 ? .length(length) : .none
        }

        /// Reads the head that `HeadScanner` found; bytes after it are left alone.
        ///
        ///     status-line = HTTP-version SP status-code SP [ reason-phrase ]
        ///
        /// The second space may be missing when there is no reason phrase: many origins write it so, and nobody can
        /// read it otherwise.
        ///
        /// - Throws: `HTTP1.ParseError`, to be wrapped in `ResponseError`: the fault is the origin's.
        ///
        /// Spec: RFC 9112 §4.
        public mutating func parse(_ bytes: Span<UInt8>) throws(ParseError) {
            let lineEnd = try readStatusLine(bytes)
            length = try fieldSection.parse(bytes, from: HTTP1.skipLineEnd(bytes, at: lineEnd), version)
            if hasNoBody, fieldSection.isChunked || fieldSection.contentLength ?? 0 > 0 { throw .bodyNotAllowed }
        }

        // MARK: - Private

        private var hasNoBody: Bool { status < 200 || status == 204 }

        private mutating func readStatusLine(_ bytes: Span<UInt8>) throws(ParseError) -> Int {
            guard bytes.count > 0 else { throw .unterminatedHead }
            guard bytes[0] != ByteClass.cr else { throw .emptyLine }
            guard let (major, minor) = HTTP1.version(bytes, from: 0), bytes.count > 12, bytes[8] == ByteClass.space
            else { throw .invalidStatusLine }
            guard let version = Version(rawValue: major * 10 + minor) else { throw .unsupportedVersion }
            self.version = version
            var code = 0
            for index in 9..<12 {
                guard ByteClass.isDigit(bytes[index]) else { throw .invalidStatusLine }
                code = code * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            }
            var end = 12
            switch bytes[end] {
            case ByteClass.space: end += 1
            case let byte where ByteClass.isFieldText(byte): throw .invalidStatusLine
            default: break
            }
            guard code >= 100, code <= 599 else { throw .invalidStatusCode }
            status = code
            let start = end
            while end < bytes.count, ByteClass.isFieldText(bytes[end]) { end += 1 }
            reason = start..<end
            return end
        }
    }
}
