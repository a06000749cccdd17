/// Something that happened to the proxy itself, in the same file as the requests.
public struct LogEvent: Sendable {
    /// The raw value stands in the log.
    public enum Kind: String, Sendable, CaseIterable {
        case start
        case stop
        /// Final records were written for the tunnels that a run left open when it was cut off.
        case recovery
        /// A policy was loaded, or refused.
        case policy
        /// Other options were put in force, or refused.
        case configuration
        /// Users were put in force, or refused.
        case users
        /// The file was changed for another.
        case rotation
        /// Records were lost.
        case gap
    }

    public enum Value: Sendable {
        /// May hold any byte, as texts of records do.
        case text(String)
        case number(UInt64)
        case flag(Bool)
        /// Microseconds since the epoch.
        case time(Int64)
    }

    public let kind: Kind
    /// Microseconds since the epoch.
    public let time: Int64
    /// What else there is to say, in this order.
    public let fields: [(key: StaticString, value: Value)]

    public init(_ kind: Kind, at time: Int64, _ fields: [(key: StaticString, value: Value)] = []) {
        self.kind = kind
        self.time = time
        self.fields = fields
    }

    /// An upper bound for the length of the line.
    var maxLineBytes: Int {
        fields.reduce(128) { sum, field in
            let value =
                if case .text(let text) = field.value { text.utf8.count * LineCursor.maxGrowth } else { 30 }
            return sum + field.key.utf8CodeUnitCount + value + 8
        }
    }

    /// Writes what follows `seq`.
    func write(to line: inout LineCursor, memory: inout LineMemory) {
        line.put(",\"start\":\"")
        memory.start.put(time, to: &line)
        line.put("\",\"event\":\"")
        line.put(token: kind.rawValue)
        line.put(UInt8(ascii: "\""))
        for (key, value) in fields {
            line.put(",\"")
            line.put(key)
            line.put("\":")
            switch value {
            case .text(var text):
                line.put(UInt8(ascii: "\""))
                text.withUTF8 { line.put(escaped: $0) }
                line.put(UInt8(ascii: "\""))
            case .number(let number): line.put(decimal: number)
            case .flag(let flag): line.put(flag ? "true" : "false")
            case .time(let time):
                line.put(UInt8(ascii: "\""))
                memory.end.put(time, to: &line)
                line.put(UInt8(ascii: "\""))
            }
        }
        line.put("}\n")
    }
}
