import Glibc

/// Why a log can't be written. No client sees it: at the start the program ends with it, later accepting pauses.
public enum LogError: Error, Hashable, Sendable {
    /// `open` failed; with its `errno`.
    case cannotOpen(path: String, errorNumber: Int32)
    /// A write failed that can't be tried again later; with its `errno`.
    case cannotWrite(path: String, errorNumber: Int32)
    /// It can't be handed over now: it takes no lines, or old files are being compressed.
    case busy(path: String)
}

extension LogError: CustomStringConvertible {
    /// What an operator reads.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let number): "can't open the log \(path): \(Self.text(of: number))"
        case .cannotWrite(let path, let number): "can't write the log \(path): \(Self.text(of: number))"
        case .busy(let path): "the log \(path) can't be handed over now, it is being written or compressed"
        }
    }

    /// The `errno` of what failed; that of something to be tried again where there is none.
    var errorNumber: Int32 {
        switch self {
        case .cannotOpen(_, let number), .cannotWrite(_, let number): number
        case .busy: EAGAIN
        }
    }

    static func text(of errorNumber: Int32) -> String {
        String(cString: strerror(errorNumber))
    }
}
