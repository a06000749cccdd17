/// Reads policy files line by line. Goes on after an error, so that all of a file's errors are found in one go.
struct PolicyParser {
    var syntax = PolicySyntax()
    private(set) var errors: [Located<String>] = []
    private(set) var fingerprint = Fingerprint()
    /// Line of the default, once there is one.
    private var defaultPosition: Position?
    /// Where the line being read stands.
    var file = 0
    var line = 0
    /// Of the policy itself, not of what it includes.
    private var lastLine = 0

    /// No policy is as large; a list belongs in a file of its own.
    private static let maxFileBytes = 16 << 20

    private static let statements = [
        "list", "net", "group", "time", "include", "allow", "deny", "report", "default",
    ]
    /// The files that are being read, the one that includes before the one that is included.
    private var open: [String] = []
    private static let maxDepth = 16

    /// Reads the policy and what it includes.
    mutating func read(path: String) {
        guard readFile(path), defaultPosition == nil else { return }
        let place = Position(file: 0, line: lastLine, column: 0)
        let message = "the last line is missing; \"default allow\" or \"default deny\" must end the policy"
        errors.append(Located(value: message, position: place))
    }

    mutating func fail(_ message: String, column: Int) {
        errors.append(Located(value: message, position: position(column)))
    }

    func position(_ column: Int) -> Position {
        Position(file: file, line: line, column: column)
    }

    // MARK: - Private

    /// - Returns: whether there was something to read.
    private mutating func readFile(_ path: String) -> Bool {
        let outer = (file, line)
        defer { (file, line) = outer }
        file = syntax.files.count
        line = 0
        syntax.files.append(path)
        open.append(path)
        defer { open.removeLast() }
        do throws(FileError) {
            let bytes = try RegularFile(path: path).contents(limit: Self.maxFileBytes)
            bytes.withUnsafeBytes { fingerprint.absorb($0) }
            fingerprint.endFile()
            readLines(bytes[...])
            return true
        } catch {
            fail(error.message, column: 0)
            return false
        }
    }

    private mutating func readLines(_ bytes: ArraySlice<UInt8>) {
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for bytes in lines {
            line += 1
            if file == 0 { lastLine = line }
            do throws(WordError) {
                let words = try Word.words(of: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
                if !words.isEmpty { readStatement(words) }
            } catch {
                fail(error.message, column: error.column)
            }
        }
    }

    private mutating func readStatement(_ words: [Word]) {
        let first = words[0]
        if let defaultPosition {
            fail(
                "nothing may stand below the default in line \(defaultPosition.line); it is the last line",
                column: first.column)
            return
        }
        switch first.isQuoted ? "" : first.text {
        case "list": readList(words)
        case "net": readNet(words)
        case "group": readGroup(words)
        case "time": readTime(words)
        case "include": readInclude(words)
        case "allow": readRule(.allow, words)
        case "deny": readRule(.deny, words)
        case "report": readRule(.report, words)
        case "default": readDefault(words)
        default:
            fail(
                "\"\(first.text)\" begins no statement" + Self.choice(first.text, of: Self.statements),
                column: first.column)
        }
    }

    private mutating func readInclude(_ words: [Word]) {
        guard words.count == 2 else {
            fail("include takes one file: include FILE", column: words.last!.column)
            return
        }
        let path = path(words[1].text)
        guard !open.contains(path), open.count < Self.maxDepth else {
            fail("\(path) includes itself; a file is read where it is included", column: words[1].column)
            return
        }
        let errorCount = errors.count
        let place = position(words[1].column)
        if !readFile(path) {
            let message = errors.removeLast().value
            precondition(errors.count == errorCount, "a file that can't be read has no other error")
            errors.append(Located(value: "the file \(path) \(message)", position: place))
        }
    }

    private mutating func readDefault(_ words: [Word]) {
        defaultPosition = position(words[0].column)
        guard words.count > 1, let action = Action(rawValue: words[1].text), action != .report else {
            fail("a default says what; \"default allow\" or \"default deny\" is allowed", column: words.last!.column)
            return
        }
        var rule = PolicySyntax.Rule(action: action, position: position(words[0].column))
        readSections(words.dropFirst(2), of: &rule, allowing: [.reason, .id])
        syntax.rules.append(rule)
    }

    /// `; did you mean "deny"? Allowed: allow, deny`.
    static func choice(_ word: String, of candidates: [String]) -> String {
        NearestWord.suggestion(word, among: candidates) + "; allowed: " + candidates.joined(separator: ", ")
    }
}
