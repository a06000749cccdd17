import AccessLog
import Glibc

/// How far a long reading has come, shown on standard error while that is a terminal.
final class Progress {
    private let total: Int
    private var done = 0
    private let isShown: Bool

    /// - Parameter files: those that will be read.
    init(over files: [String]) {
        total = files.reduce(0) { sum, path in
            var status = stat()
            return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
        isShown = isatty(STDERR_FILENO) == 1
    }

    /// That many bytes more were read.
    func add(_ bytes: Int) {
        done += bytes
        guard isShown, total > 0 else { return }
        var text = "\r\(min(100, 100 * done / total)) %"
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Takes the display away.
    func end() {
        guard isShown, done > 0 else { return }
        var text = "\r\u{1b}[K"
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
