import Glibc

/// Why a log can't be written. No client sees it: at the start the program ends with it, later accepting pauses.
public enum LogError: Error, Hashable, Sendable {
    /// `open` failed; with its `errno`.
    case cannotOpen(path: String, errorNumber: Int32)
}

extension LogError: CustomStringConvertible {
    /// What an operator reads.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let number): "can't open the log \(path): \(Self.text(of: number))"
        }
    }

    static func text(of errorNumber: Int32) -> String {
        String(cString: strerror(errorNumber))
    }
}
