extension PolicyParser {
    /// `list NAME PATH [format F] [match exact|suffix]`
    mutating func readList(_ words: [Word]) {
        guard words.count >= 3, let name = definedName(words) else {
            if words.count < 3 { fail("a list has a name and a file: list NAME PATH", column: words.last!.column) }
            return
        }
        if let earlier = syntax.lists.first(where: { $0.name == name }) {
            return failTwice("list", words[1], earlier.position)
        }
        var format: ListFormat?
        var match: DomainTable.Kind?
        var index = 3
        while index < words.count {
            let word = words[index]
            guard index + 1 < words.count, ["format", "match"].contains(word.text) else {
                let choice = Self.choice(word.text, of: ["format F", "match exact|suffix"])
                return fail("\"\(word.text)\" says nothing of a list" + choice, column: word.column)
            }
            if word.text == "format" { format = readFormat(words[index + 1]) }
            if word.text == "match" { match = readMatch(words[index + 1], format) }
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
        if let earlier = syntax.nets[name] { return failTwice("net", words[1], earlier.position) }
        let values = words.dropFirst(2).map { Located(value: $0.text, position: position($0.column)) }
        syntax.nets[name] = Located(value: values, position: position(words[1].column))
    }

    /// `group NAME user…`
    mutating func readGroup(_ words: [Word]) {
        guard words.count >= 3, let name = definedName(words) else {
            if words.count < 3 {
                fail("a group has a name and users: group NAME ann bob …", column: words.last!.column)
            }
            return
        }
        if let earlier = syntax.groups[name] { return failTwice("group", words[1], earlier.position) }
        let values = words.dropFirst(2).map { Located(value: $0.text, position: position($0.column)) }
        syntax.groups[name] = Located(value: values, position: position(words[1].column))
    }

    /// A path as it can be opened: relative ones begin at the folder of the file that holds them.
    func path(_ text: String) -> String {
        guard !text.hasPrefix("/"), let slash = syntax.files[file].lastIndex(of: "/") else { return text }
        return syntax.files[file][...slash] + text
    }

    /// The name that a definition gives: letters, digits, `-` and `_`, a letter first.
    mutating func definedName(_ words: [Word]) -> String? {
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

    mutating func failTwice(_ what: String, _ name: Word, _ earlier: Position) {
        let place = "\(syntax.files[earlier.file]):\(earlier.line)"
        fail("the \(what) \"\(name.text)\" is defined already, in \(place); names are given once", column: name.column)
    }

    // MARK: - Private

    private mutating func readFormat(_ word: Word) -> ListFormat? {
        if let format = ListFormat(rawValue: word.text) { return format }
        let choice = Self.choice(word.text, of: ListFormat.allCases.map(\.rawValue))
        fail("\"\(word.text)\" is no form of lists" + choice, column: word.column)
        return nil
    }

    private mutating func readMatch(_ word: Word, _ format: ListFormat?) -> DomainTable.Kind? {
        if let format, !format.takesMatch {
            fail("lists of the form \(format) say themselves what a name covers; leave match out", column: word.column)
        }
        switch word.text {
        case "exact": return .exact
        case "suffix": return .suffix
        default:
            let choice = Self.choice(word.text, of: ["exact", "suffix"])
            fail("\"\(word.text)\" is no way to match" + choice, column: word.column)
            return nil
        }
    }
}
