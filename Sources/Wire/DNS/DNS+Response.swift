import Addressing

extension DNS {
    /// A name server's response, its sections checked and the records that matter kept.
    public struct Response: Hashable, Sendable {
        public var id: UInt16
        /// The answer didn't fit: ask again over TCP. Its records are not read.
        public var isTruncated: Bool
        public var code: ResponseCode
        /// What the server says it was asked; to be compared with what it was asked, as the id is.
        public var question: Question?
        /// The address and alias records of the answer section, in order.
        public var answers: [Record] = []
        /// How long a negative answer may be kept, in seconds: the least of the SOA record's own TTL and its MINIMUM.
        /// Nil without that record: then it may not be kept. Spec: RFC 2308 §5.
        public var negativeTTL: UInt32?

        public struct Question: Hashable, Sendable {
            public var name: Name
            /// As sent: perhaps none that is known here.
            public var type: UInt16

            public init(name: Name, type: RecordType) {
                self.name = name
                self.type = type.rawValue
            }

            init(name: Name, number: UInt16) {
                self.name = name
                type = number
            }
        }

        public struct Record: Hashable, Sendable {
            public var name: Name
            /// Seconds; at most 2^31 - 1.
            public var ttl: UInt32
            public var data: Value
        }

        public enum Value: Hashable, Sendable {
            case address(IPAddress)
            case alias(Name)
        }

        /// - Parameter message: a whole one, for there is nothing to wait for.
        /// - Throws: `DNS.ParseError`; the message is to be dropped as if it had not come.
        ///
        /// Spec: RFC 1035 §4.1.1.
        public static func parse(_ message: Span<UInt8>) throws(ParseError) -> Response {
            var cursor = Cursor(0..<message.count)
            guard let id = cursor.uint16(message), let flags = cursor.uint16(message),
                let questions = cursor.uint16(message), let answers = cursor.uint16(message),
                let authorities = cursor.uint16(message), let additionals = cursor.uint16(message)
            else { throw .truncated }
            guard flags & 0x8000 != 0, flags & 0x7800 == 0 else { throw .notResponse }
            guard questions <= 1 else { throw .severalQuestions }
            // A question takes 5 bytes at least, a record 11.
            let least = 5 * Int(questions) + 11 * (Int(answers) + Int(authorities) + Int(additionals))
            let isTruncated = flags & 0x0200 != 0
            guard isTruncated || least <= cursor.remaining else { throw .truncated }
            var response = Response(
                id: id, isTruncated: isTruncated, code: ResponseCode(rawValue: flags & 0x000f))
            if questions == 1 { response.question = try Self.question(message, &cursor) }
            guard !isTruncated else { return response }
            for _ in 0..<answers { try response.readAnswer(message, &cursor) }
            for _ in 0..<authorities { try response.readAuthority(message, &cursor) }
            var hasOptions = false
            for _ in 0..<additionals { try response.readAdditional(message, &cursor, &hasOptions) }
            guard cursor.isAtEnd else { throw .trailingBytes }
            return response
        }

        // MARK: - Private

        private static func question(_ message: Span<UInt8>, _ cursor: inout Cursor) throws(ParseError) -> Question {
            let name = try Name.read(message, at: &cursor)
            guard let type = cursor.uint16(message), let scope = cursor.uint16(message) else { throw .truncated }
            guard scope == internet else { throw .unknownClass(scope) }
            return Question(name: name, number: type)
        }

        private mutating func readAnswer(_ message: Span<UInt8>, _ cursor: inout Cursor) throws(ParseError) {
            let head = try RecordHead(message, &cursor)
            guard head.scope == internet, let value = try head.value(message) else { return }
            answers.append(Record(name: head.name, ttl: head.ttl, data: value))
        }

        private mutating func readAuthority(_ message: Span<UInt8>, _ cursor: inout Cursor) throws(ParseError) {
            let head = try RecordHead(message, &cursor)
            guard head.scope == internet, head.type == .soa else { return }
            negativeTTL = min(head.ttl, try head.minimumOfSOA(message))
        }

        /// Spec: RFC 6891 §6.1.1: at most one OPT record, of the root's name; §6.1.3: it holds the code's upper bits.
        private mutating func readAdditional(
            _ message: Span<UInt8>, _ cursor: inout Cursor, _ hasOptions: inout Bool
        ) throws(ParseError) {
            let head = try RecordHead(message, &cursor)
            guard head.type == .opt else { return }
            guard !hasOptions, head.name.wire == [0] else { throw .malformedOptions }
            hasOptions = true
            code = ResponseCode(rawValue: UInt16(head.rawTTL >> 24) << 4 | code.rawValue)
        }
    }
}
