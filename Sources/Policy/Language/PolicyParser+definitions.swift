extension PolicyParser {
    /// `list NAME PATH [format F] [match exact|suffix]`
    mutating func readList(_ words: [Word]) {
        guard words.count >= 3, let name = definedName(words) else {
            if words.count < 3 { fail("a list has a name and a file: list NAME PATH", column: words.last!.column) }
            return
        }
        if let earlier = syntax.lists.first(where: { $0.name == name }) {
            fail(
                "the list \"\(name)\" is defined already, in \(place(earlier.position)); names are given once",
                column: words[1].column)
            return
        }
        var format: ListFormat?
        var match: DomainTable.Kind?
        var index = 3
        while index < words.count {
            let word = words[index]
            guard index + 1 < words.count, ["format", "match"].contains(word.text) else {
                fail(
                    "\"\(word.text)\" says nothing of a list" + Self.choice(word.text, of: ["format F", "match M"]),
                    column: word.column)
                return
            }
            let value = words[index + 1]
            if word.text == "format" {
                format = ListFormat(rawValue: value.text)
                if format == nil {
                    let all = ListFormat.allCases.map(\.rawValue)
                    fail(
                        "\"\(value.text)\" is no form of lists" + Self.choice(value.text, of: all), column: value.column
                    )
                }
            } else {
                match = ["exact": .exact, "suffix": .suffix][value.text]
                if match == nil {
                    fail(
                        "\"\(value.text)\" is no way to match" + Self.choice(value.text, of: ["exact", "suffix"]),
                        column: value.column)
                }
            }
            index += 2
        }
        syntax.lists.append(
            PolicySyntax.List(
                name: name, path: path(words[2].text), format: format, match: match,
                position: position(words[1].column), pathColumn: words[2].column))
    }

    /// `net NAME CIDR…`
    mutating func readNet(_ words: [Word]) {
        guard words.count >= 3, let name = definedName(words) else {
            if words.count < 3 {
                fail("a net has a name and networks: net NAME 10.0.0.0/8 …", column: words.last!.column)
            }
            return
        }
        if let earlier = syntax.nets[name] {
            fail(
                "the net \"\(name)\" is defined already, in \(place(earlier.position)); names are given once",
                column: words[1].column)
            return
        }
        let values = words.dropFirst(2).map { Located(value: $0.text, position: position($0.column)) }
        syntax.nets[name] = Located(value: values, position: position(words[1].column))
    }

    // MARK: - Private

    /// The name that a definition gives: letters, digits, `-` and `_`, a letter first.
    private mutating func definedName(_ words: [Word]) -> String? {
        let bytes = Array(words[1].text.utf8)
        let isName =
            bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            } && bytes.first.map { $0 > UInt8(ascii: "9") } ?? false
        guard isName else {
            fail(
                "\"\(words[1].text)\" is no name; letters, digits, - and _ are allowed, a letter first",
                column: words[1].column)
            return nil
        }
        return words[1].text
    }

    /// A path as it can be opened: relative ones begin at the folder of the file that holds them.
    private func path(_ text: String) -> String {
        guard !text.hasPrefix("/"), let slash = syntax.files[file].lastIndex(of: "/") else { return text }
        return syntax.files[file][...slash] + text
    }

    private func place(_ position: Position) -> String {
        "\(syntax.files[position.file]):\(position.line)"
    }
}
