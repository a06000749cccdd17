extension SOCKS5 {
    /// The user name and password that a client sends once `usernamePassword` is selected.
    ///
    ///     +----+------+----------+------+----------+
    ///     |VER | ULEN |  UNAME   | PLEN |  PASSWD  |
    ///     +----+------+----------+------+----------+
    ///     | 1  |  1   | 1 to 255 |  1   | 1 to 255 |
    ///     +----+------+----------+------+----------+
    ///
    /// Spec: RFC 1929 §2.
    public struct Credentials: Hashable, Sendable {
        /// The VER field of this message; not that of SOCKS.
        public static let version: UInt8 = 1

        /// 1–255 bytes of any kind.
        public var userName: [UInt8]
        /// 1–255 bytes of any kind; never logged.
        public var password: [UInt8]

        public init(userName: [UInt8], password: [UInt8]) {
            self.userName = userName
            self.password = password
        }

        /// - Throws: `SOCKS5.ParseError`; the client's connection is closed without an answer.
        public static func parse(_ bytes: Span<UInt8>) throws(ParseError) -> Parsed<Credentials> {
            guard bytes.count >= 1 else { return .incomplete }
            guard bytes[0] == version else { throw .invalidCredentialsVersion(bytes[0]) }
            guard bytes.count >= 2 else { return .incomplete }
            let nameEnd = 2 + Int(bytes[1])
            guard nameEnd > 2 else { throw .emptyUserName }
            guard bytes.count > nameEnd else { return .incomplete }
            let end = nameEnd + 1 + Int(bytes[nameEnd])
            guard end > nameEnd + 1 else { throw .emptyPassword }
            guard bytes.count >= end else { return .incomplete }
            let credentials = Credentials(
                userName: copy(bytes, 2..<nameEnd), password: copy(bytes, nameEnd + 1..<end))
            return .complete(credentials, consumed: end)
        }
    }

    /// Appends the verdict on the credentials; after a failure the server must close. Spec: RFC 1929 §2.
    public static func appendCredentialsStatus(succeeded: Bool, to bytes: inout [UInt8]) {
        bytes.append(Credentials.version)
        bytes.append(succeeded ? 0 : 1)
    }
}
