import Glibc

/// The one owner of an open descriptor: closed when the owner goes, never twice.
public struct FileDescriptor: ~Copyable, Sendable {
    public let raw: CInt

    /// Takes over `raw`, which must be open and owned by nobody else.
    public init(owning raw: CInt) {
        self.raw = raw
    }

    deinit {
        // EINTR included, Linux has released the number when close() returns: never try again.
        _ = Glibc.close(raw)
    }

    /// Gives the descriptor away; the caller must see to its closing.
    public consuming func take() -> CInt {
        let raw = self.raw
        discard self
        return raw
    }
}
