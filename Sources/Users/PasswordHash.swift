import CCrypt

/// A password as a users file keeps it: the C library's `crypt` text, of a method that is slow on purpose.
///
/// Spec: crypt(5).
public struct PasswordHash: Hashable, Sendable {
    /// The most bytes of a password: what SOCKS5 can carry. Spec: RFC 1929 §2.
    public static let longestPassword = 255

    let text: String

    /// Takes a hash out of a file.
    ///
    /// - Throws: `PasswordHashError`, which says what to do.
    public init(_ text: String) throws(PasswordHashError) {
        guard let method = PasswordMethod(of: text) else { throw .weak }
        try method.check(text)
        self.text = text
    }

    /// Hashes a password for a file, by bcrypt with fresh salt.
    ///
    /// - Throws: `PasswordHashError` for a password that can't be kept.
    public init(of password: [UInt8]) throws(PasswordHashError) {
        guard !password.isEmpty, !password.contains(0) else { throw .unusablePassword }
        // What is behind would count for nothing, without a word.
        guard password.count <= PasswordMethod.longestOfBcrypt else { throw .passwordTooLong }
        guard let setting = PasswordMethod.freshSetting(), let text = Self.crypt(password, setting) else {
            throw .unsupported
        }
        self.text = text
    }

    /// Whether it is the hash of `password`. Takes long, and as long for every password; not for an event loop.
    public func matches(_ password: [UInt8]) -> Bool {
        guard !password.contains(0), let found = Self.crypt(password, text) else { return false }
        return Self.isEqual(Array(found.utf8), Array(text.utf8))
    }

    /// Whether this machine's C library has the method.
    var isSupported: Bool { Self.crypt([], text) != nil }

    // MARK: - Private

    private static func crypt(_ password: [UInt8], _ setting: String) -> String? {
        var output = [CChar](repeating: 0, count: Int(CRYPT_OUTPUT_SIZE))
        let phrase = password.map(CChar.init(bitPattern:)) + [0]
        guard sallyport_crypt(phrase, setting, &output, output.count) == 0 else { return nil }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// In a time that tells nothing of where they differ.
    private static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}

/// Why a hash or a password is not taken.
public enum PasswordHashError: Error, Hashable, CustomStringConvertible {
    /// No text of a method that is taken: plain, MD5, SHA-1 or DES.
    case weak
    /// The method's name is there, but what follows isn't of its form.
    case malformed(String)
    /// Verifying would take longer than any client waits.
    case tooSlow(String)
    /// The C library hasn't the method.
    case unsupported
    case unusablePassword
    case passwordTooLong

    public var description: String {
        switch self {
        case .weak:
            "the password is plain or hashed by a method that is broken; bcrypt ($2y$), SHA-256 ($5$), SHA-512 ($6$) and"
                + " yescrypt ($y$) are allowed: make one with `sallyport user add` or `htpasswd -B`"
        case .malformed(let method): "this is no whole \(method) hash; copy the line again, or make it anew"
        case .tooSlow(let most): "verifying it would take too long; \(most) is allowed"
        case .unsupported: "this machine's C library hasn't this method; bcrypt ($2y$) and SHA-512 ($6$) are common"
        case .unusablePassword: "the password is empty or holds a zero byte; 1 to 72 other bytes are allowed"
        case .passwordTooLong: "the password is longer than 72 bytes, of which bcrypt sees no more; 1 to 72 are allowed"
        }
    }
}
