import Addressing

extension HTTP1 {
    /// The request target, taken apart; ranges point into the head. Spec: RFC 9112 §3.2.
    public struct Target: Sendable, Hashable {
        public enum Form: UInt8, Sendable {
            /// `/path?query`: to us as if we were the origin.
            case origin
            /// `http://host/path?query`: to a proxy.
            case absolute
            /// `host:port`: of CONNECT, and of nothing else.
            case authority
            /// `*`: of OPTIONS, and of nothing else.
            case asterisk
        }

        public enum Scheme: UInt8, Sendable {
            case http
            case https

            public var defaultPort: Port {
                switch self {
                case .http: Port(80)
                case .https: Port(443)
                }
            }
        }

        public let form: Form
        /// Of the absolute form.
        public private(set) var scheme: Scheme?
        /// `host:port` or `host`, of the absolute and the authority form.
        public private(set) var authorityRange: Range<Int>?
        /// Path and query of the origin and the absolute form. May be empty, or begin with `?`, in the latter: what
        /// is sent on then needs a `/` in front, or is `*` for OPTIONS. Spec: RFC 9112 §3.2.1, §3.2.4.
        public private(set) var path = 0..<0

        init(form: Form) {
            self.form = form
        }

        /// - Parameter range: visible ASCII without `#`, not empty.
        init(_ bytes: Span<UInt8>, _ range: Range<Int>, _ method: Method) throws(ParseError) {
            if method == .connect {
                for index in range where bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: "?") {
                    throw .targetNotAuthority
                }
                self.init(form: .authority)
                authorityRange = range
            } else if bytes[range.lowerBound] == UInt8(ascii: "/") {
                self.init(form: .origin)
                path = range
            } else if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*") {
                guard method == .options else { throw .asteriskWithoutOptions }
                self.init(form: .asterisk)
            } else {
                self.init(form: .absolute)
                try readURI(bytes, range)
            }
        }

        /// What a Host field without a port means beside this target.
        var defaultPort: Port? {
            switch form {
            case .absolute: scheme?.defaultPort
            case .origin, .asterisk, .authority: nil
            }
        }

        /// The authority that the target itself names.
        func authority(_ bytes: Span<UInt8>) throws(ParseError) -> Authority? {
            guard let authorityRange else { return nil }
            do throws(HostError) {
                return try Authority(parsing: bytes.extracting(authorityRange), defaultPort: defaultPort)
            } catch {
                throw .invalidAuthority(error)
            }
        }

        // MARK: - Private

        ///     http-URI = "http" "://" authority path-abempty [ "?" query ]
        ///
        /// Spec: RFC 9110 §4.2.
        private mutating func readURI(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseError) {
            var colon = range.lowerBound
            while colon < range.upperBound, Self.isSchemeByte(bytes[colon]) { colon += 1 }
            guard colon > range.lowerBound, range.upperBound - colon >= 3, bytes[colon] == UInt8(ascii: ":"),
                bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
            else { throw .invalidTarget }
            let name = range.lowerBound..<colon
            if ByteClass.equal(bytes, name, "http") {
                scheme = .http
            } else if ByteClass.equal(bytes, name, "https") {
                scheme = .https
            } else {
                throw .unsupportedScheme
            }
            var end = colon + 3
            while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
            authorityRange = colon + 3..<end
            path = end..<range.upperBound
        }

        /// Spec: RFC 3986 §3.1.
        private static func isSchemeByte(_ byte: UInt8) -> Bool {
            switch ByteClass.folded(byte) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
                UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
