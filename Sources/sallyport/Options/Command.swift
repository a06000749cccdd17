import Policy

/// What `sallyport` can be asked to do: its first word.
enum Command: String, CaseIterable {
    case run
    case check
    case explain
    case upgrade
    case unit
    case user
    case setup
    case log
    case status
    case top
    case kill
    case doctor

    /// The command that the program's words ask for, and the words that are left; `run` when there is none.
    ///
    /// - Throws: `UsageError` for a first word that is no command.
    static func find(in arguments: [String]) throws(UsageError) -> (Command, ArraySlice<String>) {
        guard let word = arguments.first, !word.hasPrefix("-") else { return (.run, arguments[...]) }
        guard let command = Command(rawValue: word) else {
            let names = allCases.map(\.rawValue)
            throw UsageError(
                "unknown command \"\(word)\"\(NearestWord.suggestion(word, among: names))"
                    + "; there are \(names.joined(separator: ", ")), see --help")
        }
        return (command, arguments.dropFirst())
    }

    /// One line for the help.
    var summary: String {
        switch self {
        case .run: "the proxy, in the foreground (what sallyport does when no command is given)"
        case .check: "reads the policy, its lists and the configuration, and says what is wrong or odd with them"
        case .explain: "says whether a request would be let out, by which line, and why not by others"
        case .upgrade: "starts this program in the place of a running one, without refusing a client"
        case .unit: "prints the units under which systemd runs it"
        case .user: "changes a file of users: add, remove, list"
        case .status: "shows what the running proxy has counted and measured"
        case .top: "shows the requests and tunnels under way, with their rates"
        case .kill: "ends requests and tunnels of the running proxy: by ID, user or host"
        case .doctor:
            "tries out whether the proxy would work here with these options, and says how to mend what doesn't"
        case .setup: "says how to set the proxy in browsers and systems, does it, takes it back"
        case .log: "reads the access log: verify, head, tail, report, convert, replay"
        }
    }

    /// Carries the command out.
    ///
    /// - Returns: the exit code.
    func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        switch self {
        case .run: try RunCommand.perform(arguments)
        case .check: try CheckCommand.perform(arguments)
        case .explain: try ExplainCommand.perform(arguments)
        case .upgrade: try UpgradeCommand.perform(arguments)
        case .unit: try UnitCommand.perform(arguments)
        case .user: try UserCommand.perform(arguments)
        case .setup: try SetupCommand.perform(arguments)
        case .log: try LogCommand.perform(arguments)
        case .status: try StatusCommand.perform(arguments)
        case .top: try TopCommand.perform(arguments)
        case .kill: try KillCommand.perform(arguments)
        case .doctor: try DoctorCommand.perform(arguments)
        }
    }
}
