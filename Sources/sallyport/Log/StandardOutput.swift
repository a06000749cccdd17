import Glibc

/// Bytes on their way to standard output, written in large pieces.
struct StandardOutput {
    private var bytes: [UInt8] = []

    private static let enough = 64 * 1024

    /// Room to append to; call `flush` or `flushIfLarge` afterwards.
    mutating func append(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        if bytes.count >= Self.enough { flush() }
    }

    /// Writes what is there. Whoever has closed the other end wants no more: the program ends.
    mutating func flush() {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress! + written, $0.count - written) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { exit(errno == EPIPE ? 0 : 1) }
            written += count
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
