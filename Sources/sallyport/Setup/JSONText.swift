/// A JSON object in which one member is set anew; all others stay, in their order and with their spelling.
///
/// Spec: RFC 8259.
struct JSONText {
    private indirect enum Value {
        /// Names as they are written, without quotation marks.
        case object([(name: String, value: Value)])
        case array([Value])
        /// Anything else, as it is written.
        case plain(String)
    }

    private let root: Value

    /// - Parameter text: nil or blank is an empty object.
    init(_ text: String?) throws(JSONFault) {
        guard let text, !text.allSatisfy(\.isWhitespace) else {
            root = .object([])
            return
        }
        root = try Self.parse(text)
        guard case .object = root else { throw .noObject }
    }

    /// The text with `value`, which is JSON itself, at the end of `names`.
    func setting(_ value: String, at names: [String]) throws(JSONFault) -> String {
        Self.text(of: try Self.setting(try Self.parse(value), at: names[...], in: root), indent: "") + "\n"
    }

    // MARK: - Private

    private static func setting(_ value: Value, at names: ArraySlice<String>, in parent: Value) throws(JSONFault)
        -> Value
    {
        guard let name = names.first else { return value }
        guard case .object(var members) = parent else { throw .noObject }
        if let index = members.lastIndex(where: { $0.name == name }) {
            members[index].value = try setting(value, at: names.dropFirst(), in: members[index].value)
        } else {
            members.append((name, try setting(value, at: names.dropFirst(), in: .object([]))))
        }
        return .object(members)
    }

    private static func text(of value: Value, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .plain(let text): return text
        case .array(let values):
            if values.isEmpty { return "[]" }
            return "[\n" + values.map { inner + text(of: $0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines = members.map { "\(inner)\"\($0.name)\": \(text(of: $0.value, indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    // MARK: - Reading

    private static func parse(_ text: String) throws(JSONFault) -> Value {
        var rest = Array(text.utf8)[...]
        let value = try value(&rest, depth: 0)
        skipBlanks(&rest)
        guard rest.isEmpty else { throw .unexpected(at: text.utf8.count - rest.count) }
        return value
    }

    private static func value(_ rest: inout ArraySlice<UInt8>, depth: Int) throws(JSONFault) -> Value {
        guard depth < 64 else { throw .tooDeep }
        skipBlanks(&rest)
        switch rest.first {
        case UInt8(ascii: "{"):
            var members: [(name: String, value: Value)] = []
            try list(&rest, end: UInt8(ascii: "}")) { rest throws(JSONFault) in
                let name = try string(&rest)
                skipBlanks(&rest)
                guard rest.popFirst() == UInt8(ascii: ":") else { throw .unexpected(at: rest.startIndex) }
                members.append((String(name.dropFirst().dropLast()), try value(&rest, depth: depth + 1)))
            }
            return .object(members)
        case UInt8(ascii: "["):
            var values: [Value] = []
            try list(&rest, end: UInt8(ascii: "]")) { rest throws(JSONFault) in
                values.append(try value(&rest, depth: depth + 1))
            }
            return .array(values)
        case UInt8(ascii: "\""): return .plain(try string(&rest))
        default:
            let word = rest.prefix { !",]} \t\r\n".utf8.contains($0) }
            let text = String(decoding: word, as: UTF8.self)
            let isNumber = word.allSatisfy { "+-.0123456789eE".utf8.contains($0) } && !word.isEmpty
            guard isNumber || ["true", "false", "null"].contains(text) else { throw .unexpected(at: rest.startIndex) }
            rest = rest[word.endIndex...]
            return .plain(text)
        }
    }

    /// What stands between brackets, separated by commas; the opening one is next.
    private static func list(
        _ rest: inout ArraySlice<UInt8>, end: UInt8, _ element: (inout ArraySlice<UInt8>) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        rest.removeFirst()
        skipBlanks(&rest)
        if rest.first == end {
            rest.removeFirst()
            return
        }
        while true {
            skipBlanks(&rest)
            try element(&rest)
            skipBlanks(&rest)
            let byte = rest.popFirst()
            if byte == end { return }
            guard byte == UInt8(ascii: ",") else { throw .unexpected(at: rest.startIndex) }
        }
    }

    /// A string as it is written, with its quotation marks.
    private static func string(_ rest: inout ArraySlice<UInt8>) throws(JSONFault) -> String {
        guard rest.first == UInt8(ascii: "\"") else { throw .unexpected(at: rest.startIndex) }
        var end = rest.startIndex + 1
        while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
            guard rest[end] >= 0x20 else { throw .unexpected(at: end) }
            end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < rest.endIndex else { throw .unexpected(at: rest.endIndex) }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[...end], as: UTF8.self)
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop { " \t\r\n".utf8.contains($0) }
    }
}

/// Why a text can't be taken for an object that may get another member.
enum JSONFault: Error, CustomStringConvertible {
    case noObject
    case tooDeep
    /// Bytes before it.
    case unexpected(at: Int)

    var description: String {
        switch self {
        case .noObject: "something else stands where an object belongs"
        case .tooDeep: "it is nested too deeply"
        case .unexpected(let offset): "byte \(offset) is not expected there"
        }
    }
}
