/// Something to say about a line of a policy or of a list.
public struct Diagnostic: Hashable, Sendable {
    /// The file as it was named, or as it is reached from the file that names it.
    public let file: String
    /// Counted from 1; 0 when it is about the file as a whole.
    public let line: Int
    /// Counted in bytes from 1; 0 when it is about the line as a whole.
    public let column: Int
    /// What is wrong, then `; ` and what is allowed there.
    public let message: String

    public init(file: String, line: Int = 0, column: Int = 0, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: message`.
    public var description: String {
        var text = file
        if line > 0 { text += ":\(line)" }
        if column > 0 { text += ":\(column)" }
        return "\(text): \(message)"
    }
}

/// Why a policy can't be loaded: everything that is wrong with it and with the files it names, in one go.
public struct PolicyErrors: Error, Hashable, Sendable {
    /// Never empty; in the order in which the files are read, at most a hundred and a line that counts the rest.
    public let diagnostics: [Diagnostic]
    /// What was read, and what couldn't be: a change of one of these may mend it.
    public let files: [String]
}

extension PolicyErrors: CustomStringConvertible {
    /// One line for each.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
