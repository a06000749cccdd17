import Policy

/// What the command line asks for.
enum Invocation {
    case run(Settings)
    case help
    case version
}

/// A command line that can't be understood: exit code 64 (EX_USAGE).
struct UsageError: Error, CustomStringConvertible {
    let description: String
}

/// Reads the command line; the configuration file, if one is named, comes first, and flags win over its lines.
struct ArgumentParser {
    private var arguments: ArraySlice<String>

    /// - Parameter arguments: without the program's name.
    init(_ arguments: [String]) {
        self.arguments = arguments[...]
    }

    mutating func parse() throws -> Invocation {
        if let word = arguments.first, !word.hasPrefix("-") {
            guard word == "run" else {
                throw UsageError(
                    description: "unknown command \"\(word)\"\(NearestWord.suggestion(word, among: ["run"]))"
                        + "; the only one is run, see --help")
            }
            arguments.removeFirst()
        }
        var given: [(option: Option, value: String)] = []
        while let word = arguments.popFirst() {
            switch word {
            case "--help", "-h": return .help
            case "--version": return .version
            default: given.append(try flag(word))
            }
        }
        return .run(try settings(given))
    }

    // MARK: - Private

    /// `--name VALUE` or `--name=VALUE`.
    private mutating func flag(_ word: String) throws(UsageError) -> (Option, String) {
        guard word.hasPrefix("--") else {
            throw UsageError(description: "unexpected argument \"\(word)\"; options begin with --, see --help")
        }
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = Option.named(name) else {
            let names = Option.all.map(\.name) + ["help", "version"]
            throw UsageError(
                description: "unknown option --\(name)\(NearestWord.suggestion(name, among: names))"
                    + "; see --help for those there are")
        }
        if parts.count == 2 { return (option, String(parts[1])) }
        guard let value = arguments.popFirst() else {
            throw UsageError(description: "--\(name) lacks its value; --\(name) \(option.value) is needed")
        }
        return (option, value)
    }

    private func settings(_ given: [(option: Option, value: String)]) throws -> Settings {
        var names: Set<String> = []
        for (option, _) in given where !option.isRepeatable && !names.insert(option.name).inserted {
            throw UsageError(description: "--\(option.name) is given twice; once is allowed")
        }
        var flags = Settings()
        for (option, value) in given { try Self.apply(option, value, to: &flags) }
        guard let file = flags.file else { return flags }
        var settings = try ConfigurationFile.read(file)
        // Listeners on the command line replace those of the file, as any other flag replaces its line.
        settings.hasListeners = false
        for (option, value) in given { try Self.apply(option, value, to: &settings) }
        return settings
    }

    private static func apply(_ option: Option, _ value: String, to settings: inout Settings) throws(UsageError) {
        do throws(OptionError) {
            try option.apply(&settings, value)
        } catch {
            throw UsageError(description: "--\(option.name): \(error)")
        }
    }
}
