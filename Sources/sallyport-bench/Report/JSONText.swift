/// Writes JSON, object by object.
struct JSONText {
    private(set) var text = ""
    private var needsComma = false

    mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
        nest(key, "{", "}", body)
    }

    mutating func array(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
        nest(key, "[", "]", body)
    }

    mutating func member(_ key: String, _ value: String) {
        begin(key)
        text += Self.quoted(value)
    }

    mutating func member(_ key: String, _ value: Int) {
        begin(key)
        text += String(value)
    }

    /// Nothing is written when there is no value, or one that JSON can't express.
    mutating func member(_ key: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        begin(key)
        text += "\(value)"
    }

    mutating func element(_ value: String) {
        begin(nil)
        text += Self.quoted(value)
    }

    // MARK: - Private

    private mutating func nest(_ key: String?, _ opening: String, _ closing: String, _ body: (inout JSONText) -> Void) {
        begin(key)
        text += opening
        needsComma = false
        body(&self)
        text += closing
        needsComma = true
    }

    private mutating func begin(_ key: String?) {
        if needsComma { text += "," }
        needsComma = true
        if let key { text += Self.quoted(key) + ":" }
    }

    /// Spec: RFC 8259 §7.
    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
