import Glibc

/// The operator's ear.
enum StandardError {
    /// Writes one line, whole; an error is nobody's to hear.
    static func write(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
