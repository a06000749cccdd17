/// The users of a file and their passwords' hashes.
///
///     # comments and empty lines
///     ann:$2y$10$…
///     bob:$6$salt$…
///
/// The form is that of `htpasswd`.
public struct UserTable: Hashable, Sendable {
    /// In the order of the file; each name once.
    public private(set) var names: [String] = []
    private var hashes: [String: PasswordHash] = [:]

    /// Bytes of a name: what SOCKS5 can carry. Spec: RFC 1929 §2.
    public static let longestName = 255

    public init() {}

    /// Reads a file's text.
    ///
    /// - Parameter path: for the messages.
    /// - Throws: `UserFileErrors`: all faults of the file.
    public init(_ text: String, path: String) throws(UserFileErrors) {
        var faults: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.allSatisfy(\.isWhitespace), !line.hasPrefix("#") else { continue }
            do throws(UserLineError) {
                try add(line)
            } catch {
                faults.append("\(path):\(index + 1):\(error.column): \(error.message)")
            }
        }
        if faults.isEmpty { faults = unsupported(path) }
        if !faults.isEmpty { throw UserFileErrors(faults: faults) }
    }

    public var isEmpty: Bool { names.isEmpty }

    public func hash(of name: String) -> PasswordHash? {
        hashes[name]
    }

    /// A hash that takes as long to verify as a user's: unknown users shall not be told apart by time.
    public var decoy: PasswordHash? {
        names.first.flatMap { hashes[$0] }
    }

    /// Why `name` can't be a user's; nil if it can.
    public static func fault(of name: String) -> String? {
        guard !name.isEmpty else { return "the name is empty; 1 to \(longestName) bytes are allowed" }
        guard name.utf8.count <= longestName else { return "the name is longer than \(longestName) bytes" }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f && $0 != ":" }
        return isPlain ? nil : "the name holds a colon, a blank or a control character"
    }

    // MARK: - Private

    private mutating func add(_ line: Substring) throws(UserLineError) {
        guard let colon = line.firstIndex(of: ":") else {
            throw UserLineError(column: 1, message: "a user is a name, a colon and a hash: ann:$2y$10$…")
        }
        let name = String(line[..<colon])
        if let fault = Self.fault(of: name) { throw UserLineError(column: 1, message: fault) }
        guard hashes[name] == nil else {
            throw UserLineError(column: 1, message: "\"\(name)\" is there already; each user has one line")
        }
        let column = line[...colon].utf8.count + 1
        let text = line[line.index(after: colon)...]
        // What htpasswd and passwd files may have behind.
        let hash = text.prefix { $0 != ":" }
        do throws(PasswordHashError) {
            hashes[name] = try PasswordHash(String(hash).trimmedAtEnd)
            names.append(name)
        } catch {
            throw UserLineError(column: column, message: "\(name): \(error)")
        }
    }

    /// Faults for methods that this machine hasn't; each is tried once.
    private func unsupported(_ path: String) -> [String] {
        var tried: Set<PasswordMethod> = []
        var faults: [String] = []
        for name in names {
            guard let hash = hashes[name], let method = PasswordMethod(of: hash.text), tried.insert(method).inserted,
                !hash.isSupported
            else { continue }
            faults.append("\(path): \(name): \(PasswordHashError.unsupported)")
        }
        return faults
    }
}

/// All that is wrong with a users file, each as `file:line:column: what; what is allowed`.
public struct UserFileErrors: Error, Hashable, CustomStringConvertible {
    public let faults: [String]

    public init(faults: [String]) {
        self.faults = faults
    }

    public var description: String { faults.joined(separator: "\n") }
}

private struct UserLineError: Error {
    let column: Int
    let message: String
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
