/// Markup that text can't become part of: what is put into a literal of it is escaped unless it is markup itself.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral value: String) {
        text = value
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    static func += (left: inout HTML, right: HTML) {
        left.text += right.text
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ value: String) {
            text += HTML.escaped(value)
        }

        mutating func appendInterpolation(_ value: some BinaryInteger) {
            text += String(value)
        }

        mutating func appendInterpolation(_ markup: HTML) {
            text += markup.text
        }

        /// Text from somebody else: its direction is its own, and doesn't turn what stands around it.
        mutating func appendInterpolation(foreign value: String) {
            text += "<bdi>\(HTML.escaped(value))</bdi>"
        }
    }

    /// What stands in a page as text and in its attributes alike. Controls, and marks that would reorder what is shown, are
    /// shown as a replacement character.
    static func escaped(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars { shown.unicodeScalars.append(isHarmless(scalar) ? scalar : "\u{fffd}") }
        return AnswerPage.escaped(shown)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: true
        case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
        default: true
        }
    }
}
