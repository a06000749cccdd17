import Policy

/// A command line that can't be understood: exit code 64 (EX_USAGE).
struct UsageError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads a command's words: `--name VALUE`, `--name=VALUE`, switches, and operands where the command takes any.
struct ArgumentParser<Target> {
    private let options: [Option<Target>]
    private var arguments: ArraySlice<String>
    private var given: [(option: Option<Target>, value: String)] = []
    /// What is no option, in order.
    private(set) var operands: [String] = []
    /// Whether `--help` stands among the words.
    private(set) var asksForHelp = false

    /// - Throws: `UsageError` for a word that is no option of the command, or lacks its value.
    init(_ arguments: some Sequence<String>, options: [Option<Target>]) throws(UsageError) {
        self.options = options
        self.arguments = Array(arguments)[...]
        while let word = self.arguments.popFirst() {
            switch word {
            case "--help", "-h": asksForHelp = true
            case "--":
                operands += self.arguments
                self.arguments = []
            case _ where word.hasPrefix("--"): given.append(try flag(word))
            case _ where word.hasPrefix("-") && word != "-":
                throw UsageError("unexpected argument \"\(word)\"; options begin with --, see --help")
            default: operands.append(word)
            }
        }
        try checkRepetition()
    }

    /// Takes the options over into `target`, in the order in which they were given.
    func apply(to target: inout Target) throws(UsageError) {
        for (option, value) in given {
            do throws(OptionError) {
                try option.apply(&target, value)
            } catch {
                throw UsageError("--\(option.name): \(error)")
            }
        }
    }

    /// The options as they were given: names and values.
    var values: [(name: String, value: String)] { given.map { ($0.option.name, $0.value) } }

    /// The operands, where the command takes `allowed` many.
    func operands(_ allowed: ClosedRange<Int>, called name: String) throws(UsageError) -> [String] {
        if operands.count < allowed.lowerBound { throw UsageError("\(name) is missing; see --help") }
        if operands.count > allowed.upperBound {
            throw UsageError("unexpected argument \"\(operands[allowed.upperBound])\"; see --help")
        }
        return operands
    }

    // MARK: - Private

    private mutating func flag(_ word: String) throws(UsageError) -> (Option<Target>, String) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else {
            let names = options.map(\.name) + ["help"]
            throw UsageError(
                "unknown option --\(name)\(NearestWord.suggestion(name, among: names)); see --help for those there are")
        }
        guard let placeholder = option.value else {
            guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
            return (option, "")
        }
        if parts.count == 2 { return (option, String(parts[1])) }
        guard let value = arguments.popFirst() else {
            throw UsageError("--\(name) lacks its value; --\(name) \(placeholder) is needed")
        }
        return (option, value)
    }

    private func checkRepetition() throws(UsageError) {
        var names: Set<String> = []
        for (option, _) in given where !option.isRepeatable && !names.insert(option.name).inserted {
            throw UsageError("--\(option.name) is given twice; once is allowed")
        }
    }
}
