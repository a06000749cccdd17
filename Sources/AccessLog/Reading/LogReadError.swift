/// Why a file of the log can't be read.
public enum LogReadError: Error, Hashable, Sendable {
    /// `open` failed; with its `errno`.
    case cannotOpen(path: String, errorNumber: Int32)
    /// `read` failed; with its `errno`.
    case cannotRead(path: String, errorNumber: Int32)
    /// It begins like a compressed file, but `gzip` can't make anything of it, or is not there.
    case notCompressed(path: String)
    /// A line of a quarter gigabyte is none of ours.
    case lineTooLong(path: String)
}

extension LogReadError: CustomStringConvertible {
    /// What an operator reads.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let number): "can't open \(path): \(LogError.text(of: number))"
        case .cannotRead(let path, let number): "can't read \(path): \(LogError.text(of: number))"
        case .notCompressed(let path): "can't uncompress \(path): it is damaged, or there is no gzip"
        case .lineTooLong(let path): "\(path) has a line of more than 256 MiB: that is no access log"
        }
    }
}
