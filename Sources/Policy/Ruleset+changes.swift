extension Ruleset {
    /// What is different from an earlier ruleset, in a few words: rules gone and new, and for each list how many entries
    /// were removed and added.
    public func changes(since earlier: Ruleset) -> String {
        var parts: [String] = []
        let before = earlier.descriptions.map(\.text)
        let after = descriptions.map(\.text)
        let difference = after.difference(from: before)
        if !difference.isEmpty {
            parts.append("rules: \(difference.removals.count) removed, \(difference.insertions.count) added")
        }
        for list in lists {
            guard let old = earlier.lists.first(where: { $0.path == list.path }) else {
                parts.append("list \(list.path): new, \(list.entries) entries")
                continue
            }
            if old.entries != list.entries || old.lines != list.lines {
                parts.append("list \(list.path): \(old.entries) entries before, \(list.entries) now")
            }
        }
        for old in earlier.lists where !lists.contains(where: { $0.path == old.path }) {
            parts.append("list \(old.path): gone")
        }
        return parts.isEmpty ? "the same rules and numbers of entries" : parts.joined(separator: "; ")
    }
}
