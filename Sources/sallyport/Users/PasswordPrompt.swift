import Glibc

/// Asks for a password: on the terminal without showing it, otherwise by the first line of standard input.
enum PasswordPrompt {
    /// - Throws: `PasswordPromptError`.
    static func ask(_ what: String) throws(PasswordPromptError) -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw .noInput }
        let shown = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            var shown = shown
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
        }
        prompt("\(what): ")
        let password = try line()
        prompt("\n\(what), again: ")
        let again = try line()
        prompt("\n")
        guard password == again else { throw .different }
        return password
    }

    // MARK: - Private

    private static func prompt(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func line() throws(PasswordPromptError) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        // Byte for byte: what is behind the line is not ours.
        while read(STDIN_FILENO, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return bytes }
            guard bytes.count < 4096 else { throw .noInput }
            bytes.append(byte)
        }
        guard !bytes.isEmpty else { throw .noInput }
        return bytes
    }
}

/// Why there is no password.
enum PasswordPromptError: Error, CustomStringConvertible {
    case noInput
    case different

    var description: String {
        switch self {
        case .noInput: "no password came on standard input; its first line is taken"
        case .different: "the two passwords differ; nothing was changed"
        }
    }
}
