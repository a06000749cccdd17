import Users

/// `sallyport user`: changes a file of users.
struct UserCommand {
    private enum Action: String, CaseIterable {
        case add
        case remove
        case list
    }

    private static let help = """
        usage: sallyport user add FILE NAME
               sallyport user remove FILE NAME
               sallyport user list FILE

        Changes a file of users, such as `sallyport run --users FILE` asks for; a running proxy notices. `add` also gives
        somebody who is there a new password. It asks for the password twice without showing it; where standard input is
        no terminal, its first line is the password. Passwords are kept as bcrypt hashes; the file is replaced in one
        step, and nobody but its owner can read it (mode 0600).

        exit codes: 0 done, 1 not done, 64 wrong command line
        """

    /// - Throws: `UsageError`, `UserFileErrors`, `PasswordHashError`, `PasswordPromptError`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        guard let word = arguments.first, word != "--help", word != "-h" else {
            print(help)
            return 0
        }
        guard let action = Action(rawValue: word) else {
            throw UsageError("unknown \"user \(word)\"; there are add, remove, list, see sallyport user --help")
        }
        let operands = Array(arguments.dropFirst())
        let isNamed = action != .list
        guard operands.count == (isNamed ? 2 : 1), !operands.contains(where: \.isEmpty) else {
            throw UsageError("user \(word) takes \(isNamed ? "a file and a name: FILE NAME" : "a file: FILE")")
        }
        switch action {
        case .add: return try add(operands[1], to: operands[0])
        case .remove: return try remove(operands[1], from: operands[0])
        case .list: return try list(operands[0])
        }
    }

    // MARK: - Private

    private static func add(_ name: String, to path: String) throws -> Int32 {
        if let fault = UserTable.fault(of: name) { throw UsageError("\"\(name)\" can't be a user: \(fault)") }
        let file = try UserFile(path: path, mayBeMissing: true)
        let isKnown = file.table.hash(of: name) != nil
        try file.set(name, password: try PasswordPrompt.ask("password for \(name)"))
        print("\(name) \(isKnown ? "has a new password" : "was added")")
        return 0
    }

    private static func remove(_ name: String, from path: String) throws -> Int32 {
        let file = try UserFile(path: path)
        guard file.table.hash(of: name) != nil else {
            Sallyport.complain("\(path) has no user \"\(name)\"")
            return 1
        }
        try file.remove(name)
        print("\(name) was removed")
        return 0
    }

    private static func list(_ path: String) throws -> Int32 {
        for name in try UserFile(path: path).table.names { print(name) }
        return 0
    }
}
