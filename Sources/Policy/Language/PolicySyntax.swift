/// Where something stands: the number of the file among those read, and the place in it.
struct Position: Hashable, Comparable {
    let file: Int
    let line: Int
    let column: Int

    static func < (left: Position, right: Position) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// A text with its place.
struct Located<Value> {
    let value: Value
    let position: Position
}

/// What the lines of a policy say, before names are resolved and files of lists are read.
struct PolicySyntax {
    struct List {
        let name: String
        /// As it can be opened.
        let path: String
        let format: ListFormat?
        let match: DomainTable.Kind?
        let position: Position
        let pathColumn: Int
    }

    struct Rule {
        let action: Action
        let position: Position
        var conditions: [Condition] = []
        var reason: String?
        var id: String?
    }

    struct Time {
        var spans: [(days: Set<Int>, from: Int, to: Int)] = []
        /// Nil for the machine's.
        var zone: Located<String>?
    }

    /// `kind:a,b`, or a word that needs no value.
    struct Condition {
        let section: Section
        /// As it is written.
        let text: String
        let kind: String
        let isNegated: Bool
        let values: [Located<String>]
        let position: Position
    }

    /// The words that begin the parts of a rule, in the order in which they stand.
    enum Section: String, CaseIterable {
        case to
        case from
        case by
        case sni
        case during
        case until
        case reason
        case id
    }

    var files: [String] = []
    var lists: [List] = []
    /// Networks by name.
    var nets: [String: Located<[Located<String>]>] = [:]
    /// Users by the name of their group.
    var groups: [String: Located<[Located<String>]>] = [:]
    /// Hours of the week by name.
    var times: [String: Located<Time>] = [:]
    /// The last is the default.
    var rules: [Rule] = []
}
