/// One option of a command: a flag of the command line (`--listen`), for `run` also a line of the configuration file
/// (`listen …`), a line of the help. A command's table of these is where all of them come from.
struct Option<Target>: Sendable {
    /// Without the dashes.
    let name: String
    /// What stands for the value in the help; nil for a switch, which takes none.
    let value: String?
    let help: String
    /// May be given more than once; each adds to the others.
    var isRepeatable = false
    /// Only on the command line.
    var isFlagOnly = false
    /// Takes the value over; a switch gets an empty one.
    let apply: @Sendable (inout Target, String) throws(OptionError) -> Void
}

/// What is wrong with an option's value, and what is allowed.
struct OptionError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ wrong: String, allowed: String) {
        description = "\(wrong); \(allowed)"
    }
}
