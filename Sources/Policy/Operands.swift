import Addressing

/// What the conditions of a ruleset compare with.
struct Operands: ~Copyable, Sendable {
    var names = UniqueArray<DomainTable>()
    /// What is in each of the tables of names, for comparing rules with each other.
    var spelledNames: [[SpelledName]] = []
    /// The sources that `list:` conditions name, those of one condition beside each other.
    var lists: [Int] = []
    var globs = UniqueArray<[Glob]>()
    var regexes = UniqueArray<PosixRegex>()
    var ranges = UniqueArray<RangeTable>()
    var ports = UniqueArray<RangePieces<UInt16>>()
    var users: [Set<String>] = []
    var schedules = UniqueArray<[Schedule]>()
    /// The list files.
    var sources = UniqueArray<ListSource>()
}

/// A name behind `domain:` or `host:`.
struct SpelledName: Hashable, Sendable {
    let name: HostName
    let hasSubdomains: Bool

    /// Whether it covers everything that another one covers.
    func covers(_ other: SpelledName) -> Bool {
        if name == other.name { return hasSubdomains || !other.hasSubdomains }
        return hasSubdomains && other.name.text.hasSuffix("." + name.text)
    }
}
