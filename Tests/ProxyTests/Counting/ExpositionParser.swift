/// A strict reader of Prometheus' text format 0.0.4, by its specification alone: what it doesn't take, no scraper need take.
struct ExpositionParser {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    /// By name, in any order.
    private(set) var types: [String: String] = [:]
    private(set) var helps: [String: String] = [:]
    private(set) var samples: [Sample] = []
    private var closed: Set<String> = []
    private var current = ""

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(description: "the last line has no end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.isEmpty { throw Failure(description: "an empty line") }
            if line.hasPrefix("# ") { try comment(line.dropFirst(2)) } else { try sample(line) }
        }
        for (name, type) in types where type == "histogram" { try checkHistogram(name) }
        for name in types.keys where helps[name] == nil { throw Failure(description: "\(name) has no HELP") }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    // MARK: - Private

    private mutating func comment(_ rest: Substring) throws {
        let words = rest.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3 else { throw Failure(description: "a comment that says nothing: \(rest)") }
        try begin(words[1])
        switch words[0] {
        case "HELP":
            guard helps.updateValue(words[2], forKey: words[1]) == nil else { throw Failure(description: "HELP twice") }
        case "TYPE":
            guard ["counter", "gauge", "histogram"].contains(words[2]),
                types.updateValue(words[2], forKey: words[1]) == nil
            else { throw Failure(description: "TYPE of \(words[1])") }
        default: throw Failure(description: "a comment of no kind: \(rest)")
        }
    }

    /// All lines of a metric stand together.
    private mutating func begin(_ family: String) throws {
        guard Self.isName(family) else { throw Failure(description: "\(family) is no name") }
        if family == current { return }
        closed.insert(current)
        guard !closed.contains(family) else { throw Failure(description: "\(family) in two places") }
        current = family
    }

    private mutating func sample(_ line: Substring) throws {
        var rest = line
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" })
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" { labels = try Self.labels(&rest) }
        guard rest.first == " " else { throw Failure(description: "no blank before the value: \(line)") }
        let text = rest.dropFirst()
        guard let value = text == "+Inf" ? Double.infinity : Double(text) else {
            throw Failure(description: "no value: \(line)")
        }
        try checkPlace(name, labels, value)
        guard !samples.contains(where: { $0.name == name && $0.labels == labels }) else {
            throw Failure(description: "\(line) stands there twice")
        }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private mutating func checkPlace(_ name: String, _ labels: [String: String], _ value: Double) throws {
        guard let type = types[current] else { throw Failure(description: "\(name) without TYPE") }
        switch type {
        case "histogram":
            let allowed = ["_bucket", "_sum", "_count"].map { current + $0 }
            guard allowed.contains(name), (name == allowed[0]) == (labels["le"] != nil) else {
                throw Failure(description: "\(name) in the histogram \(current)")
            }
        case "counter":
            guard name == current, name.hasSuffix("_total"), value >= 0 else {
                throw Failure(description: "the counter \(name)")
            }
        default:
            guard name == current, !name.hasSuffix("_total") else { throw Failure(description: "the gauge \(name)") }
        }
    }

    private static func labels(_ rest: inout Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        repeat {
            rest = rest.dropFirst()
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            rest = rest.dropFirst(name.count)
            guard isName(name), rest.hasPrefix("=\"") else { throw Failure(description: "a label: \(rest)") }
            rest = rest.dropFirst(2)
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "\"": value += "\""
                case "n": value += "\n"
                default: throw Failure(description: "an escape that is none")
                }
            }
            guard labels.updateValue(value, forKey: name) == nil else { throw Failure(description: "\(name) twice") }
        } while rest.first == ","
        guard rest.popFirst() == "}" else { throw Failure(description: "labels without an end") }
        return labels
    }

    private func checkHistogram(_ name: String) throws {
        let buckets = samples.filter { $0.name == name + "_bucket" }
        let series = Set(buckets.map { $0.labels.filter { $0.key != "le" } })
        guard !series.isEmpty else { throw Failure(description: "\(name) is empty") }
        for labels in series {
            let own = buckets.filter { $0.labels.filter { $0.key != "le" } == labels }
            let bounds = own.map { $0.labels["le"] == "+Inf" ? Double.infinity : Double($0.labels["le"]!)! }
            guard bounds == bounds.sorted(), Set(bounds).count == bounds.count, bounds.last == .infinity,
                own.map(\.value) == own.map(\.value).sorted(), own.last?.value == value(name + "_count", labels),
                value(name + "_sum", labels) != nil
            else { throw Failure(description: "the buckets of \(name)\(labels)") }
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.first, !first.isNumber else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    }
}
