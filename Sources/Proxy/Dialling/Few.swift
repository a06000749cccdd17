/// A list that mostly has one element, which then needs no storage of its own.
struct Few<Element> {
    private var first: Element?
    private var others: [Element] = []

    var count: Int { (first == nil ? 0 : 1) + others.count }
    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> Element {
        get {
            guard index == 0 else { return others[index - 1] }
            guard let first else { preconditionFailure("the first of none") }
            return first
        }
        set {
            if index == 0 {
                precondition(first != nil, "the first of none")
                first = newValue
            } else {
                others[index - 1] = newValue
            }
        }
    }

    mutating func append(_ element: Element) {
        if first == nil { first = element } else { others.append(element) }
    }

    @discardableResult
    mutating func remove(at index: Int) -> Element {
        let element = self[index]
        if index > 0 {
            others.remove(at: index - 1)
        } else {
            first = others.isEmpty ? nil : others.removeFirst()
        }
        return element
    }

    mutating func removeAll() {
        first = nil
        others = []
    }

    func firstIndex(where isMeant: (Element) -> Bool) -> Int? {
        indices.first { isMeant(self[$0]) }
    }

    func contains(where isMeant: (Element) -> Bool) -> Bool {
        firstIndex(where: isMeant) != nil
    }
}
