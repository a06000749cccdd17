/// Reads the command line.
struct ArgumentParser {
    private var words: ArraySlice<String>
    private var options = Options()

    /// - Parameter arguments: without the program's name.
    init(_ arguments: [String]) {
        words = arguments[...]
        options.command = (["sallyport-bench"] + arguments).joined(separator: " ")
    }

    /// - Throws: `BenchError` in the words for a person: what is wrong, and what is allowed.
    mutating func parse() throws(BenchError) -> Invocation {
        while let word = words.popFirst() {
            switch word {
            case "--help", "-h": return .help
            case "--show-config": return .showConfig(try contender(try value(of: word)))
            case "--only": options.only = try list(of: word).map { name throws(BenchError) in try contender(name) }
            case "--workloads": options.workloads = Set(try list(of: word).map(Self.workload))
            case "--rounds": options.rounds = try number(of: word, 1...99)
            case "--seconds": options.seconds = try seconds(of: word)
            case "--beside": options.beside = try value(of: word)
            case "--json": options.json = try value(of: word)
            case "--svg": options.svg = try value(of: word)
            case "--targets": options.judgesTargets = true
            default: throw BenchError("unknown option \(word); see --help for those there are")
            }
        }
        return .run(options)
    }

    // MARK: - Private

    private mutating func value(of option: String) throws(BenchError) -> String {
        guard let value = words.popFirst(), !value.isEmpty else { throw BenchError("\(option) lacks its value") }
        return value
    }

    private mutating func list(of option: String) throws(BenchError) -> [String] {
        try value(of: option).split(separator: ",").map(String.init)
    }

    private mutating func number(of option: String, _ allowed: ClosedRange<Int>) throws(BenchError) -> Int {
        let text = try value(of: option)
        guard let number = Int(text), allowed.contains(number) else {
            throw BenchError(
                "\(option): \"\(text)\" is no whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    private mutating func seconds(of option: String) throws(BenchError) -> Double {
        let text = try value(of: option)
        guard let seconds = Double(text), seconds >= 0.1, seconds <= 60 else {
            throw BenchError("\(option): \"\(text)\" is no number of seconds from 0.1 to 60")
        }
        return seconds
    }

    private func contender(_ name: String) throws(BenchError) -> String {
        guard Contender.named(name) != nil else {
            let known = Contender.all.map(\.name).joined(separator: ", ")
            throw BenchError("unknown contender \(name); there are \(known)")
        }
        return name
    }

    private static func workload(_ name: String) throws(BenchError) -> Workload {
        guard let workload = Workload(rawValue: name) else {
            let known = Workload.allCases.map(\.rawValue).joined(separator: ", ")
            throw BenchError("unknown workload \(name); there are \(known)")
        }
        return workload
    }
}
