extension SOCKS5 {
    /// The client's first message: the methods it offers.
    ///
    ///     +----+----------+----------+
    ///     |VER | NMETHODS | METHODS  |
    ///     +----+----------+----------+
    ///     | 1  |    1     | 1 to 255 |
    ///     +----+----------+----------+
    ///
    /// Spec: RFC 1928 §3.
    public struct Greeting: Sendable {
        /// One bit for each of the 256 method numbers.
        private var offered: InlineArray<4, UInt64> = [0, 0, 0, 0]

        /// Whether `method` is among those offered; never true of `noneAcceptable`, which is no client's to offer.
        public func offers(_ method: Method) -> Bool {
            method != .noneAcceptable && offered[Int(method.rawValue >> 6)] >> UInt64(method.rawValue & 63) & 1 == 1
        }

        /// - Throws: `SOCKS5.ParseError`; the client's connection is closed without an answer.
        public static func parse(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Greeting> {
            guard bytes.count >= 1 else { return .incomplete }
            guard bytes[0] == version else { throw .invalidVersion(bytes[0]) }
            guard bytes.count >= 2 else { return .incomplete }
            let end = 2 + Int(bytes[1])
            guard end > 2 else { throw .noMethods }
            guard bytes.count >= end else { return .incomplete }
            var greeting = Greeting()
            for index in 2..<end { greeting.offered[Int(bytes[index] >> 6)] |= 1 << UInt64(bytes[index] & 63) }
            return .complete(greeting, consumed: end)
        }
    }

    /// Appends the server's answer to a greeting. Spec: RFC 1928 §3.
    public static func appendMethodSelection(_ method: Method, to bytes: inout [UInt8]) {
        bytes.append(version)
        bytes.append(method.rawValue)
    }
}
