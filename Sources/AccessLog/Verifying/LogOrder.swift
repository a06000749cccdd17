/// In which order the files of a log were written.
public enum LogOrder {
    /// `paths` by the number of each file's first line; one that has none goes to the end.
    public static func sorted(_ paths: [String]) throws(LogReadError) -> [String] {
        var firsts: [(path: String, sequence: UInt64)] = []
        for path in paths {
            var reader = try LogReader(path: path)
            let sequence = try reader.next().flatMap { LogLine($0.bytes)?.number(.seq) }
            firsts.append((path, sequence ?? .max))
        }
        return firsts.enumerated()
            .sorted { ($0.element.sequence, $0.offset) < ($1.element.sequence, $1.offset) }
            .map(\.element.path)
    }
}
