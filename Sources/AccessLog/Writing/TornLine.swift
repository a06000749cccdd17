/// What makes a line that broke off somewhere a whole one again, without taking a byte from it.
///
/// The text is closed off as JSON: open strings, escapes, numbers, arrays and objects are brought to their nearest end, a
/// `seq` is added or completed, and `"torn":true` says that what is missing is missing.
struct TornLine {
    private enum Place {
        /// Behind `{`, or behind a comma in an object: a key comes.
        case key
        /// Behind a key: a colon comes.
        case colon
        /// Behind a colon, or behind `[` or a comma in an array: a value comes.
        case value
        /// Behind a value: a comma or a bracket comes.
        case end
    }

    /// Brackets that close what is open, the innermost last.
    private var open: [UInt8] = []
    private var place = Place.value
    /// Behind `{` or `[`, with nothing in it yet.
    private var isEmpty = true
    /// The newest key of the outermost object.
    private var key: [UInt8] = []
    private var hasSequence = false
    private var closing: [UInt8] = []

    /// The bytes to append to `line`, with the line feed; only that if the line is no JSON in the first place.
    ///
    /// - Parameter sequence: the number that the line has.
    static func closing(_ line: ArraySlice<UInt8>, sequence: UInt64) -> [UInt8] {
        var torn = TornLine()
        guard line.first == UInt8(ascii: "{"), line.allSatisfy({ $0 >= 0x20 }), torn.read(line, sequence) else {
            return [UInt8(ascii: "\n")]
        }
        return torn.closing + [UInt8(ascii: "\n")]
    }

    // MARK: - Private

    /// - Returns: false if that is no beginning of JSON.
    private mutating func read(_ line: ArraySlice<UInt8>, _ sequence: UInt64) -> Bool {
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard place == .value else { return false }
                open.append(byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                place = byte == UInt8(ascii: "{") ? .key : .value
                isEmpty = true
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open.popLast() == byte else { return false }
                place = .end
                index += 1
                // What follows a complete object is not ours.
                if open.isEmpty { return index == line.endIndex }
            case UInt8(ascii: ","):
                guard place == .end, let bracket = open.last else { return false }
                place = bracket == UInt8(ascii: "}") ? .key : .value
                isEmpty = false
                index += 1
            case UInt8(ascii: ":"):
                guard place == .colon else { return false }
                place = .value
                isEmpty = false
                index += 1
            case UInt8(ascii: "\""):
                guard place == .key || place == .value else { return false }
                readText(line, &index)
            default:
                guard place == .value else { return false }
                readWord(line, &index, sequence)
            }
        }
        close(sequence)
        return true
    }

    /// A text that begins at `index`; closes it if it does not end.
    private mutating func readText(_ line: ArraySlice<UInt8>, _ index: inout Int) {
        let start = index + 1
        index = start
        while index < line.endIndex, line[index] != UInt8(ascii: "\"") {
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        if index >= line.endIndex {
            index = line.endIndex
            closing += TornText.closing(line[start...])
        } else {
            index += 1
        }
        if place == .key {
            place = .colon
            if open.count == 1 { key = Array(line[start..<index].prefix { $0 != UInt8(ascii: "\"") }) }
        } else {
            place = .end
        }
        isEmpty = false
    }

    /// A number, `true`, `false` or `null`; completes it if the line ends in it.
    private mutating func readWord(_ line: ArraySlice<UInt8>, _ index: inout Int, _ sequence: UInt64) {
        let end = line[index...].firstIndex { ",}]".utf8.contains($0) } ?? line.endIndex
        let word = line[index..<end]
        let isSequence = open.count == 1 && key.elementsEqual("seq".utf8)
        if end == line.endIndex {
            let whole = String(sequence)
            if isSequence, whole.utf8.starts(with: word) {
                closing += whole.utf8.dropFirst(word.count)
            } else if let literal = ["true", "false", "null"].first(where: { $0.utf8.starts(with: word) }) {
                closing += literal.utf8.dropFirst(word.count)
            } else if word.last == UInt8(ascii: ".") {
                closing.append(UInt8(ascii: "0"))
            }
        }
        if isSequence { hasSequence = true }
        index = end
        place = .end
        isEmpty = false
    }

    private mutating func close(_ sequence: UInt64) {
        guard !open.isEmpty else { return }
        while open.count > 1 {
            completeMember(sequence)
            closing.append(open.removeLast())
            place = .end
            isEmpty = false
        }
        completeMember(sequence)
        if place == .end { closing.append(UInt8(ascii: ",")) }
        if !hasSequence { closing += "\"seq\":\(sequence),".utf8 }
        closing += "\"torn\":true}".utf8
    }

    /// Leaves a place where the innermost bracket can be closed, or in the outermost object a key may come.
    private mutating func completeMember(_ sequence: UInt64) {
        let isObject = open.last == UInt8(ascii: "}")
        switch place {
        case .key where isEmpty || open.count == 1: return
        case .key: closing += "\"torn\":true".utf8
        case .colon: closing += ":null".utf8
        case .value where isEmpty && !isObject: return
        case .value where open.count == 1 && key.elementsEqual("seq".utf8):
            closing += String(sequence).utf8
            hasSequence = true
        case .value: closing += "null".utf8
        case .end: return
        }
        place = .end
    }
}

/// What closes a JSON string that broke off, without what was before it becoming something else than it can have been.
enum TornText {
    /// - Parameter text: from behind the quotation mark on.
    static func closing(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var closing: [UInt8] = []
        var index = text.startIndex
        var isAfterHigh = false
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "\\") else {
                let length = characterLength(text[index])
                if index + length > text.endIndex { closing += continuation(text[index...], length) }
                index = min(index + length, text.endIndex)
                isAfterHigh = false
                continue
            }
            let escape = text[index..<min(index + 6, text.endIndex)]
            guard escape.count < 2 || escape[index + 1] == UInt8(ascii: "u") else {
                index += 2
                continue
            }
            // A second half of a pair can only have been that; else zeros, which are one of the possibilities.
            let model = isAfterHigh ? "\\udc00" : escape.count == 1 ? "\\\\" : "\\u0000"
            closing += model.utf8.dropFirst(escape.count)
            let unit = Array(escape) + closing
            isAfterHigh = !isAfterHigh && unit.count == 6 && isHigh(unit)
            index = escape.endIndex
        }
        if isAfterHigh { closing += "\\udc00".utf8 }
        return closing + [UInt8(ascii: "\"")]
    }

    /// Whether `\uXXXX` is the first half of a pair.
    private static func isHigh(_ unit: [UInt8]) -> Bool {
        unit[2] == UInt8(ascii: "d") && "89ab".utf8.contains(unit[3])
    }

    private static func characterLength(_ first: UInt8) -> Int {
        switch first {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 1
        }
    }

    /// The smallest bytes that make a character of `length` bytes of its beginning.
    private static func continuation(_ start: ArraySlice<UInt8>, _ length: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for place in start.count..<length {
            let isSecondOfLongForm = place == 1 && (start.first == 0xe0 || start.first == 0xf0)
            bytes.append(!isSecondOfLongForm ? 0x80 : start.first == 0xe0 ? 0xa0 : 0x90)
        }
        return bytes
    }
}
