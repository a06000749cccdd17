extension HTTP1 {
    /// The field lines of a head, in order and none lost, with what they say about the message and the connection.
    ///
    /// Its storage is kept from head to head, so that reading allocates nothing once it is warm.
    public struct FieldSection: Sendable {
        public private(set) var fields: [Field] = []
        /// What `Connection` lists, `close` and `keep-alive` included: the names of fields that end at this hop.
        public private(set) var connectionNames: [Range<Int>] = []
        public private(set) var connection: ConnectionOptions = []
        /// Never more than `Int64.max`; nil without the field.
        public private(set) var contentLength: UInt64?
        /// Whether the body comes in the chunked coding, the only one accepted.
        public private(set) var isChunked = false

        public init() {}

        /// The value of the first field of that kind.
        public func value(of known: KnownField) -> Range<Int>? {
            for field in fields where field.known == known { return field.value }
            return nil
        }

        public func count(of known: KnownField) -> Int {
            var count = 0
            for field in fields where field.known == known { count += 1 }
            return count
        }

        /// Reads field lines from `start` to the empty line. Returns the index after that.
        ///
        ///     field-line = field-name ":" OWS field-value OWS
        ///
        /// Spec: RFC 9112 §5.
        mutating func parse(_ bytes: Span<UInt8>, from start: Int, _ version: Version) throws(ParseError) -> Int {
            fields.removeAll(keepingCapacity: true)
            connectionNames.removeAll(keepingCapacity: true)
            connection = []
            contentLength = nil
            isChunked = false
            var index = start
            while index < bytes.count, bytes[index] != ByteClass.cr {
                guard fields.count < Limit.fields else { throw .tooManyFields }
                guard !ByteClass.isBlank(bytes[index]) else {
                    throw fields.isEmpty ? .whitespaceBeforeFields : .foldedField
                }
                index = try appendField(bytes, from: index)
            }
            index = try HTTP1.skipLineEnd(bytes, at: index)
            if isChunked {
                guard version == .http11 else { throw .transferEncodingInHTTP10 }
                guard contentLength == nil else { throw .contentLengthWithTransferEncoding }
            }
            return index
        }

        // MARK: - Private

        private mutating func appendField(_ bytes: Span<UInt8>, from start: Int) throws(ParseError) -> Int {
            let colon = try HTTP1.fieldNameEnd(bytes, from: start)
            let (value, end) = HTTP1.fieldValue(bytes, from: colon + 1)
            let known = KnownField(bytes, start..<colon)
            switch known {
            case .contentLength:
                guard contentLength == nil else { throw .duplicateContentLength }
                contentLength = try HTTP1.contentLength(bytes, value)
            case .transferEncoding:
                guard !isChunked else { throw .duplicateTransferEncoding }
                try HTTP1.checkTransferCoding(bytes, value)
                isChunked = true
            case .connection:
                try appendConnection(bytes, value)
            default: break
            }
            fields.append(Field(name: start..<colon, value: value, known: known))
            return try HTTP1.skipLineEnd(bytes, at: end)
        }

        /// `Connection = #connection-option`, each a token. Spec: RFC 9110 §7.6.1.
        private mutating func appendConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(ParseError) {
            var index = value.lowerBound
            while index < value.upperBound {
                let start = index
                while index < value.upperBound, ByteClass.isToken(bytes[index]) { index += 1 }
                if index > start {
                    let name = start..<index
                    guard connectionNames.count < Limit.fields else { throw .tooManyFields }
                    try connection.formUnion(ConnectionOptions(naming: bytes, name))
                    connectionNames.append(name)
                }
                while index < value.upperBound, ByteClass.isBlank(bytes[index]) { index += 1 }
                guard index < value.upperBound else { break }
                guard bytes[index] == UInt8(ascii: ",") else { throw .invalidConnectionOption }
                index += 1
                while index < value.upperBound, ByteClass.isBlank(bytes[index]) { index += 1 }
            }
        }
    }

    /// The options of `Connection` that a proxy acts on.
    public struct ConnectionOptions: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let close = ConnectionOptions(rawValue: 1)
        public static let keepAlive = ConnectionOptions(rawValue: 2)
        public static let upgrade = ConnectionOptions(rawValue: 4)

        /// Fields without which the message would be another one can't end at this hop: naming them is an attack on
        /// the next one.
        init(naming bytes: Span<UInt8>, _ name: Range<Int>) throws(ParseError) {
            if ByteClass.equal(bytes, name, "close") {
                self = .close
            } else if ByteClass.equal(bytes, name, "keep-alive") {
                self = .keepAlive
            } else if ByteClass.equal(bytes, name, "upgrade") {
                self = .upgrade
            } else {
                switch KnownField(bytes, name) {
                case .host, .contentLength, .transferEncoding: throw .connectionNamesFraming
                default: self = []
                }
            }
        }
    }
}
