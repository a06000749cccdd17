/// A list entry with a star inside: tried one after the other, as there are few of them.
struct ListPattern: Sendable {
    let glob: Glob
    /// `exact` and `below` mean nothing here.
    let kind: DomainTable.Kind
    let line: UInt32
}
