/// The newest seal: what an operator keeps elsewhere, so that a tail that was cut off shows.
///
/// Written as its number, a colon, and its 64 digits.
public struct SealHead: Hashable, Sendable {
    public let sequence: UInt64
    public let digest: Digest

    public init(sequence: UInt64, digest: Digest) {
        self.sequence = sequence
        self.digest = digest
    }

    /// What `description` gives, read back; nil for all else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[0]), let digest = Digest(parts[1]) else { return nil }
        self.init(sequence: sequence, digest: digest)
    }

    /// The newest seal of the log at `path`, compressed or not; nil if there is none.
    public static func newest(of path: String) -> SealHead? {
        LogTail.head(of: path)
    }
}

extension SealHead: CustomStringConvertible {
    public var description: String { "\(sequence):\(digest)" }
}
