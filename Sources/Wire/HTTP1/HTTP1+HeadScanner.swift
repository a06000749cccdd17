extension HTTP1 {
    /// Finds the end of a head in a buffer that grows, and refuses what can be refused before it is there.
    ///
    /// It remembers where it stopped: every byte is looked at once (a CR at the very end twice), so that a peer that
    /// drips bytes costs no more than one that sends them at once. One scanner reads one head.
    public struct HeadScanner: Sendable {
        public enum Kind: Sendable {
            case request
            case response
        }

        private let kind: Kind
        /// The next byte to look at; all before it are known to be good.
        private var position = 0
        private var lineStart = 0
        /// Complete lines before `lineStart`, the start line included.
        private var lines = 0
        private var isInMethod: Bool

        public init(_ kind: Kind) {
            self.kind = kind
            isInMethod = kind == .request
        }

        /// - Parameter bytes: the head from its first byte on, as far as it has come, with whatever follows it.
        /// - Returns: the head's length with its final empty line, nil while that has not come.
        /// - Throws: `HTTP1.ParseError`, at the first byte that can be part of no acceptable head.
        ///
        /// Spec: RFC 9112 §2.1. An empty line before the start line is refused: §2.2 would have servers skip one, for
        /// the sake of clients long gone, but a byte that no request begins with is no request here.
        public mutating func scan(_ bytes: Span<UInt8>) throws(ParseError) -> Int? {
            if position == 0, let length = Self.wholeHead(bytes) { return length }
            return try goOn(bytes)
        }

        // MARK: - Private

        /// The length of a head that is there as a whole, as most are: short, and lines of text without any fault that is
        /// looked for here. What is wrong with its method will be seen by who reads it.
        private static func wholeHead(_ bytes: Span<UInt8>) -> Int? {
            let end = min(bytes.count, Limit.startLineBytes)
            var lineStart = 0
            for _ in 0...Limit.fields {
                let lineEnd = ByteRun.textEnd(bytes, from: lineStart, to: end)
                guard lineEnd + 1 < end, bytes[lineEnd] == ByteClass.cr, bytes[lineEnd + 1] == ByteClass.lf else {
                    return nil
                }
                if lineEnd == lineStart { return lineStart > 0 ? lineStart + 2 : nil }
                lineStart = lineEnd + 2
            }
            return nil
        }

        private mutating func goOn(_ bytes: Span<UInt8>) throws(ParseError) -> Int? {
            if isInMethod {
                guard let end = try HTTP1.methodEnd(bytes, from: position) else {
                    position = bytes.count
                    return nil
                }
                isInMethod = false
                position = end
            }
            while true {
                let limit = lineLimit
                position = ByteRun.textEnd(bytes, from: position, to: min(bytes.count, limit))
                guard position < limit else { throw tooLong }
                guard position < bytes.count else { return nil }
                switch bytes[position] {
                case ByteClass.cr:
                    guard position + 1 < bytes.count else { return nil }
                    guard bytes[position + 1] == ByteClass.lf else { throw .bareCR }
                    if lines == 0 { try checkStartLine(bytes) }
                    if try endLine() { return position }
                case ByteClass.lf: throw .bareLF
                case ByteClass.tab where lines > 0 || kind == .response: position += 1
                case let byte: throw .controlCharacter(byte)
                }
            }
        }

        /// Where the current line must have ended: its CR may stand here at the latest.
        private var lineLimit: Int {
            min(lineStart + (lines == 0 ? Limit.startLineBytes : Limit.fieldLineBytes), Limit.headBytes - 2) + 1
        }

        private var tooLong: ParseError {
            if position > Limit.headBytes - 2 { return .headTooLarge }
            if lines > 0 { return .fieldTooLong }
            return kind == .request ? .targetTooLong : .statusLineTooLong
        }

        /// A server of another protocol greets with a line and waits: its first line tells that no head will come.
        private func checkStartLine(_ bytes: Span<UInt8>) throws(ParseError) {
            guard kind == .response, position > 0 else { return }
            guard HTTP1.version(bytes, from: 0) != nil else { throw .invalidStatusLine }
        }

        /// A CRLF stands at `position`; moves beyond it. Whether it was the empty line that ends the head.
        private mutating func endLine() throws(ParseError) -> Bool {
            let isEmpty = position == lineStart
            guard !isEmpty || lines > 0 else { throw .emptyLine }
            position += 2
            guard !isEmpty else { return true }
            guard lines <= Limit.fields else { throw .tooManyFields }
            lines += 1
            lineStart = position
            return false
        }
    }

    /// The SP that ends a method of which the bytes before `start` are known to be good; nil while it has not come.
    static func methodEnd(_ bytes: Span<UInt8>, from start: Int) throws(ParseError) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            guard ByteClass.isToken(byte) else {
                switch byte {
                case ByteClass.space where index > 0: return index
                case ByteClass.cr: throw index == 0 ? .emptyLine : .missingTarget
                case ByteClass.lf: throw .bareLF
                case 0..<0x20, 0x7f: throw .controlCharacter(byte)
                default: throw .invalidMethod
                }
            }
            guard index < Limit.methodBytes else { throw .methodTooLong }
            index += 1
        }
        return nil
    }
}
