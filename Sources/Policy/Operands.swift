/// What the conditions of a ruleset compare with.
struct Operands: ~Copyable, Sendable {
    var names = UniqueArray<DomainTable>()
    /// Each the sources that a `list:` condition names.
    var lists = UniqueArray<[Int]>()
    var globs = UniqueArray<[Glob]>()
    var regexes = UniqueArray<PosixRegex>()
    var ranges = UniqueArray<RangeTable>()
    var ports = UniqueArray<RangePieces<UInt16>>()
    var users: [Set<String>] = []
    var schedules = UniqueArray<[Schedule]>()
    /// The list files.
    var sources = UniqueArray<ListSource>()
}
