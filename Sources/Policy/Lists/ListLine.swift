import Addressing

/// What a line of a list turned out to be. Nothing is dropped without being counted as one of these.
enum ListLine: Equatable {
    /// Empty, or a comment.
    case blank
    /// At least one entry was made of it.
    case entry
    /// It means something, but nothing about hosts.
    case notApplicable(String)
    /// It should be an entry and can't be.
    case malformed(String)
}
