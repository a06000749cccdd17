/// What reading one list file came to. `lines` is the sum of the other line counts.
public struct ListReport: Sendable {
    /// As it is reached from where the policy was named.
    public let path: String
    /// `domains`, `hosts`, …: said by the policy or found by looking.
    public let format: String
    public internal(set) var lines = 0
    /// Empty lines, comments, and lines that only give the file its shape, such as the head of a zone.
    public internal(set) var blankLines = 0
    /// Lines that made entries; a line of a hosts file can make several.
    public internal(set) var entryLines = 0
    /// Lines that mean something, but nothing about hosts.
    public internal(set) var notApplicableLines = 0
    /// Lines that should be entries and can't be.
    public internal(set) var malformedLines = 0
    /// Entries held, each once.
    public internal(set) var entries = 0
    /// Entries that an earlier line says as well.
    public internal(set) var duplicates = 0
    /// Nil unless it was asked for at loading.
    public internal(set) var audit: ListAudit?
    /// 16 hexadecimal digits that stand for the bytes of the file.
    public internal(set) var fingerprint = ""
    /// Of tables in memory.
    public internal(set) var bytesHeld = 0
    /// The malformed lines, each with what is wrong, up to the limit set at loading.
    public internal(set) var malformed: [Diagnostic] = []
    /// The lines that say nothing about hosts, each with what they are about, up to the limit set at loading.
    public internal(set) var notApplicable: [Diagnostic] = []

    init(path: String, format: ListFormat) {
        self.path = path
        self.format = format.rawValue
    }
}
