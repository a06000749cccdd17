extension TLS {
    /// Finds the ClientHello at the front of a stream that grows, over as many records as it takes.
    ///
    /// It remembers which records it has seen whole, and reads the message once, when all of it is there. The bytes
    /// are looked at, not taken: they all belong to the tunnel.
    public struct ClientHelloReader: Sendable {
        /// Where the header of the next record not yet seen whole begins.
        private var nextRecord = 0
        /// Bytes of the handshake message in the records before `nextRecord`.
        private var gathered = 0

        public init() {}

        /// - Parameter bytes: the client's stream from its first byte on, as far as it has come.
        /// - Returns: the ClientHello and how many bytes its records take.
        /// - Throws: `TLS.ParseError`, at the first byte that can be part of no ClientHello. The stream need not be
        ///   broken: `notHandshake` says that it is no TLS.
        public mutating func read(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<ClientHello> {
            while let payload = try recordPayload(bytes) {
                gathered += payload.count
                nextRecord = payload.upperBound
                if let hello = try message(bytes) { return .complete(hello, consumed: nextRecord) }
            }
            return .incomplete
        }

        // MARK: - Private

        ///     struct {
        ///         ContentType type;                               // 22
        ///         ProtocolVersion legacy_record_version;          // 3, any
        ///         uint16 length;                                  // 1–2^14
        ///         opaque fragment[TLSPlaintext.length];
        ///     } TLSPlaintext;
        ///
        /// Spec: RFC 8446 §5.1.
        private func recordPayload(_ bytes: Span<UInt8>) throws(ParseError) -> Range<Int>? {
            guard nextRecord + 5 <= maxClientHelloBytes else { throw .tooLarge }
            let available = bytes.count - nextRecord
            guard available >= 1 else { return nil }
            guard bytes[nextRecord] == 22 else { throw .notHandshake(bytes[nextRecord]) }
            guard available >= 2 else { return nil }
            guard bytes[nextRecord + 1] == 3 else { throw .invalidRecordVersion(bytes[nextRecord + 1]) }
            guard available >= 5 else { return nil }
            let length = Int(bigEndian(bytes, at: nextRecord + 3, count: 2))
            guard length >= 1, length <= 1 << 14 else { throw .invalidRecordLength(length) }
            let start = nextRecord + 5
            guard start + length <= maxClientHelloBytes else { throw .tooLarge }
            if gathered == 0, available >= 6, bytes[start] != 1 { throw .notClientHello(bytes[start]) }
            return available >= 5 + length ? start..<start + length : nil
        }

        /// The message, once the records seen so far hold all of it, and nothing behind it.
        private func message(_ bytes: Span<UInt8>) throws(ParseError) -> ClientHello? {
            guard gathered >= 4 else { return nil }
            // The first record may hold less than the four bytes of the header.
            let firstLength = Int(bigEndian(bytes, at: 3, count: 2))
            if firstLength == gathered {
                let length = Int(bigEndian(bytes, at: 6, count: 3))
                guard try isWhole(length) else { return nil }
                return try ClientHello(bytes, 9..<9 + length)
            }
            return try messageOfSeveral(bytes)
        }

        /// The length is read anew for every record, the message put together only when it is whole.
        private func messageOfSeveral(_ bytes: Span<UInt8>) throws(ParseError) -> ClientHello? {
            var header: UInt32 = 0
            var headerBytes = 0
            var record = 0
            while headerBytes < 4 {
                let length = Int(bigEndian(bytes, at: record + 3, count: 2))
                for index in record + 5..<record + 5 + min(length, 4 - headerBytes) {
                    header = header << 8 | UInt32(bytes[index])
                    headerBytes += 1
                }
                record += 5 + length
            }
            let length = Int(header & 0xff_ffff)
            guard try isWhole(length) else { return nil }
            var whole: [UInt8] = []
            whole.reserveCapacity(gathered)
            record = 0
            while record < nextRecord {
                let end = record + 5 + Int(bigEndian(bytes, at: record + 3, count: 2))
                for index in record + 5..<end { whole.append(bytes[index]) }
                record = end
            }
            return try ClientHello(whole.span, 4..<whole.count)
        }

        private func isWhole(_ length: Int) throws(ParseError) -> Bool {
            guard 5 + 4 + length <= maxClientHelloBytes else { throw .tooLarge }
            guard gathered <= 4 + length else { throw .trailingBytes }
            return gathered == 4 + length
        }
    }
}
