extension Ruleset {
    /// Reads a policy and everything that it names.
    ///
    /// - Parameters:
    ///   - path: its file; texts of verdicts name it as it is named here. Paths in it begin at its folder.
    ///   - noteLimit: how many of the lines of each list that make no entry are named; all are counted.
    ///   - isAuditing: whether to look for superfluous entries, which takes time and, for so long, memory.
    /// - Throws: every error of all files in one go, those of the policy in the order of its lines. A file that can't
    ///   be read is one of them. Lines of lists that make no entry are warnings only: others write the lists.
    public static func load(
        path: String, noteLimit: Int = 20, isAuditing: Bool = false
    ) throws(PolicyErrors) -> Ruleset {
        var parser = PolicyParser()
        parser.read(path: path)
        return try RulesetCompiler(parser, LoadOptions(noteLimit: noteLimit, isAuditing: isAuditing)).compile()
    }
}

/// How much is told about the files that are read.
struct LoadOptions {
    let noteLimit: Int
    let isAuditing: Bool
}
