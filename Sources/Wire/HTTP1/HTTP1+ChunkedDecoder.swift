extension HTTP1 {
    /// Follows a body in the chunked coding: what of it is data, and where it ends.
    ///
    ///     chunked-body = *chunk last-chunk trailer-section CRLF
    ///     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
    ///     chunk-ext    = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
    ///
    ///     size ─▶ (sizeBlank) ─▶ (extension) ─▶ sizeLF ─▶ data ─▶ dataCR ─▶ dataLF ─▶ size
    ///                                              └─ 0 ─▶ trailerStart ─▶ endLF ─▶ done
    ///                                        ┌─────────────────┘ ▲
    ///                                        └▶ trailerName ─▶ trailerValue ─▶ trailerLF
    ///
    /// It is shown each byte once, in pieces of any size, and keeps none but the name of a trailer.
    ///
    /// Spec: RFC 9112 §7.1.
    public struct ChunkedDecoder: Sendable {
        /// What stands next in the bytes.
        public enum Piece: Hashable, Sendable {
            /// These bytes are data; ask again from the range's end on.
            case data(Range<Int>)
            /// All bytes are used up; the body goes on.
            case incomplete
            /// The body ended before this index. What follows is the next message's.
            case end(Int)
        }

        enum State: Hashable, Sendable {
            case size
            case sizeBlank
            case extensions
            case sizeLF
            case data
            case dataCR
            case dataLF
            case trailerStart
            case trailerName
            case trailerValue
            case trailerLF
            case endLF
            case done
        }

        private(set) var state = State.size
        /// Of the chunk: while its size is read the size so far, then the bytes still to come.
        private var remaining: UInt64 = 0
        private var sizeDigits = 0
        private var chunkExtensionBytes = 0
        private var bodyExtensionBytes = 0
        private var trailerBytes = 0
        private var trailer = TrailerName()

        public init() {}

        public var isDone: Bool { state == .done }

        /// Bytes of data that come next, before any framing; zero when something else does.
        public var dataAhead: UInt64 { state == .data ? remaining : 0 }

        /// Takes `count` bytes of `dataAhead` as seen: they were moved without being looked at.
        public mutating func passData(_ count: UInt64) {
            precondition(count <= dataAhead, "more bytes passed than the chunk has")
            remaining -= count
            if remaining == 0 && state == .data { state = .dataCR }
        }

        /// The next piece of `bytes` from `start` on.
        ///
        /// - Throws: `HTTP1.ParseError`. The connection can't be used any further.
        public mutating func next(_ bytes: Span<UInt8>, from start: Int = 0) throws(ParseError) -> Piece {
            var index = start
            while index < bytes.count {
                if state == .data {
                    let count = min(remaining, UInt64(bytes.count - index))
                    remaining -= count
                    if remaining == 0 { state = .dataCR }
                    return .data(index..<index + Int(count))
                }
                guard state != .done else { return .end(index) }
                try step(bytes[index])
                index += 1
            }
            return state == .done ? .end(index) : .incomplete
        }

        // MARK: - Private

        private mutating func step(_ byte: UInt8) throws(ParseError) {
            switch state {
            case .size: try sizeByte(byte)
            case .sizeBlank, .extensions: try extensionByte(byte)
            case .sizeLF:
                try expectLF(byte)
                state = remaining == 0 ? .trailerStart : .data
                bodyExtensionBytes += chunkExtensionBytes
                chunkExtensionBytes = 0
                sizeDigits = 0
            case .dataCR:
                guard byte == ByteClass.cr else { throw .missingChunkEnd }
                state = .dataLF
            case .dataLF:
                guard byte == ByteClass.lf else { throw .missingChunkEnd }
                state = .size
            case .trailerStart, .trailerName, .trailerValue, .trailerLF: try trailerByte(byte)
            case .endLF:
                try expectLF(byte)
                state = .done
            case .data, .done:
                preconditionFailure("next(_:from:) takes these bytes by itself")
            }
        }

        /// `chunk-size = 1*HEXDIG`, at most 16 digits and `Int64.max`.
        private mutating func sizeByte(_ byte: UInt8) throws(ParseError) {
            if let digit = Self.hexDigit(byte) {
                guard sizeDigits < 16, remaining >> 59 == 0 else { throw .chunkSizeOverflow }
                remaining = remaining << 4 | UInt64(digit)
                sizeDigits += 1
                return
            }
            guard sizeDigits > 0 else { throw .invalidChunkSize }
            switch byte {
            case ByteClass.cr: state = .sizeLF
            case UInt8(ascii: ";"): state = .extensions
            case ByteClass.space, ByteClass.tab: state = .sizeBlank
            case ByteClass.lf: throw .bareLF
            default: throw .invalidChunkSize
            }
            if state != .sizeLF { try countExtensionByte() }
        }

        /// Extensions mean nothing to a proxy (§7.1.1); they are bounded, and can't hide the end of their line.
        private mutating func extensionByte(_ byte: UInt8) throws(ParseError) {
            switch byte {
            case ByteClass.cr where state == .extensions:
                state = .sizeLF
                return
            case ByteClass.lf: throw .bareLF
            case UInt8(ascii: ";"): state = .extensions
            case let byte where state == .sizeBlank:
                guard ByteClass.isBlank(byte) else { throw .invalidChunkSize }
            case let byte:
                guard ByteClass.isFieldText(byte) else { throw .invalidChunkExtension }
            }
            try countExtensionByte()
        }

        private mutating func countExtensionByte() throws(ParseError) {
            chunkExtensionBytes += 1
            guard chunkExtensionBytes <= Limit.chunkExtensionBytes,
                bodyExtensionBytes + chunkExtensionBytes <= Limit.bodyExtensionBytes
            else { throw .chunkExtensionsTooLong }
        }

        private mutating func trailerByte(_ byte: UInt8) throws(ParseError) {
            trailerBytes += 1
            guard trailerBytes <= Limit.trailerBytes else { throw .trailersTooLarge }
            switch state {
            case .trailerStart where byte == ByteClass.cr:
                state = .endLF
            case .trailerStart:
                guard !ByteClass.isBlank(byte) else { throw .foldedField }
                trailer = TrailerName()
                state = .trailerName
                try trailer.append(byte)
            case .trailerName where byte == UInt8(ascii: ":"):
                guard !trailer.isForbidden else { throw .forbiddenTrailer }
                state = .trailerValue
            case .trailerName: try trailer.append(byte)
            case .trailerValue where byte == ByteClass.cr: state = .trailerLF
            case .trailerValue:
                guard byte != ByteClass.lf else { throw .bareLF }
                guard ByteClass.isFieldText(byte) else { throw .controlCharacter(byte) }
            default:
                try expectLF(byte)
                state = .trailerStart
            }
        }

        private func expectLF(_ byte: UInt8) throws(ParseError) {
            guard byte == ByteClass.lf else { throw .bareCR }
        }

        private static func hexDigit(_ byte: UInt8) -> UInt8? {
            switch ByteClass.folded(byte) {
            case let digit where ByteClass.isDigit(digit): digit - UInt8(ascii: "0")
            case let letter where letter &- UInt8(ascii: "a") < 6: letter - UInt8(ascii: "a") + 10
            default: nil
            }
        }
    }
}
