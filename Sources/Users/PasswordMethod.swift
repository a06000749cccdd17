import CCrypt

/// A way of hashing passwords that is slow on purpose.
///
/// Spec: crypt(5).
enum PasswordMethod: CaseIterable {
    case bcrypt
    case sha256
    case sha512
    case yescrypt

    /// Bytes of a password that bcrypt sees.
    static let longestOfBcrypt = 72

    /// A tenth of a second or less for each try on the machines of today, and some ten times what `htpasswd` does.
    private static let cost: UInt = 10
    private static let mostBcryptCost = 15
    private static let mostRounds = 1_000_000

    /// The method that `text` begins with.
    init?(of text: String) {
        guard let found = Self.allCases.first(where: { $0.prefixes.contains { text.hasPrefix($0) } }) else {
            return nil
        }
        self = found
    }

    /// The setting for a new password's hash; nil where the library can't make one.
    static func freshSetting() -> String? {
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard sallyport_crypt_setting("$2y$", cost, &output, CInt(output.count)) == 0 else { return nil }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// - Throws: `PasswordHashError` unless `text` has the method's whole form.
    func check(_ text: String) throws(PasswordHashError) {
        let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).dropFirst(2)
            .map { Substring($0) }
        switch self {
        case .bcrypt:
            guard fields.count == 2, let cost = Int(fields[0]), fields[0].utf8.count == 2, cost >= 4,
                Self.isSalted(fields[1], 53...53)
            else { throw .malformed("bcrypt") }
            if cost > Self.mostBcryptCost { throw .tooSlow("a cost up to \(Self.mostBcryptCost)") }
        case .sha256: try checkSHA(fields, 43, "SHA-256-crypt")
        case .sha512: try checkSHA(fields, 86, "SHA-512-crypt")
        case .yescrypt:
            guard fields.count == 3, Self.isSalted(fields[0], 1...16), Self.isSalted(fields[1], 1...86),
                Self.isSalted(fields[2], 43...43)
            else { throw .malformed("yescrypt") }
        }
    }

    // MARK: - Private

    private var prefixes: [String] {
        switch self {
        case .bcrypt: ["$2a$", "$2b$", "$2y$"]
        case .sha256: ["$5$"]
        case .sha512: ["$6$"]
        case .yescrypt: ["$y$"]
        }
    }

    private func checkSHA(_ all: [Substring], _ length: Int, _ name: String) throws(PasswordHashError) {
        var fields = all[...]
        if let first = fields.first, first.hasPrefix("rounds=") {
            guard let rounds = Int(first.dropFirst(7)), rounds >= 1000 else { throw .malformed(name) }
            if rounds > Self.mostRounds { throw .tooSlow("up to \(Self.mostRounds) rounds") }
            fields = fields.dropFirst()
        }
        guard fields.count == 2, let salt = fields.first, let hash = fields.last, salt.utf8.count <= 16,
            Self.isSalted(hash, length...length)
        else { throw .malformed(name) }
    }

    /// Whether `text` is so many characters of `./0-9A-Za-z`.
    private static func isSalted(_ text: Substring, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            }
    }
}
