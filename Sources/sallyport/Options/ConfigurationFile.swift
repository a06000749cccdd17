import Policy

/// The optional file of options: one a line, `name value`, `#` begins a comment.
enum ConfigurationFile {
    private static let maxBytes = 1 << 20

    /// - Throws: `ConfigurationErrors` with every mistake of the file and its position.
    static func read(_ path: String) throws(ConfigurationErrors) -> Settings {
        let text: String
        do throws(TextFileError) {
            text = try TextFile.contents(of: path, limit: maxBytes)
        } catch {
            throw ConfigurationErrors(diagnostics: [Diagnostic(file: path, message: error.description)])
        }
        return try parse(text, file: path)
    }

    static func parse(_ text: String, file: String) throws(ConfigurationErrors) -> Settings {
        var settings = Settings()
        settings.file = file
        var mistakes: [Diagnostic] = []
        var names: Set<String> = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.prefix { $0 != "#" }
            let name = words.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
            guard let start = name.first.map({ _ in name.startIndex }) else { continue }
            let column = line.utf8.distance(from: line.startIndex, to: start) + 1
            func mistake(_ message: String, at column: Int) {
                mistakes.append(Diagnostic(file: file, line: index + 1, column: column, message: message))
            }
            guard let option = Settings.options.first(where: { $0.name == name }), !option.isFlagOnly else {
                let names = Settings.options.filter { !$0.isFlagOnly }.map(\.name)
                mistake(
                    "unknown option \"\(name)\"\(NearestWord.suggestion(String(name), among: names))"
                        + "; allowed are \(names.joined(separator: ", "))", at: column)
                continue
            }
            if !option.isRepeatable && !names.insert(option.name).inserted {
                mistake("\(name) stands here twice; once is allowed", at: column)
                continue
            }
            let rest = words[name.endIndex...].drop { $0.isWhitespace }
            let value = String(rest.reversed().drop { $0.isWhitespace }.reversed())
            do throws(OptionError) {
                try option.apply(&settings, value)
                settings.given[option.name, default: []].append(value)
            } catch {
                let at = line.utf8.distance(from: line.startIndex, to: rest.startIndex) + 1
                mistake("\(name): \(error)", at: at)
            }
        }
        guard mistakes.isEmpty else { throw ConfigurationErrors(diagnostics: mistakes) }
        return settings
    }
}

/// What is wrong with a configuration file: every mistake with its position.
struct ConfigurationErrors: Error, CustomStringConvertible {
    let diagnostics: [Diagnostic]

    var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
