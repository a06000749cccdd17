/// What one trial came to.
struct DoctorFinding: Equatable, Sendable {
    enum Level: String, Sendable {
        case ok
        /// It works, but not as well as it could, or not yet known.
        case warn
        /// The proxy would not work.
        case fail
    }

    let level: Level
    /// What was tried.
    let name: String
    /// What was seen.
    let text: String
    /// How to mend it; nil where there is nothing to mend.
    var remedy: String?

    static func ok(_ name: String, _ text: String) -> DoctorFinding {
        DoctorFinding(level: .ok, name: name, text: text)
    }

    static func warn(_ name: String, _ text: String, _ remedy: String) -> DoctorFinding {
        DoctorFinding(level: .warn, name: name, text: text, remedy: remedy)
    }

    static func fail(_ name: String, _ text: String, _ remedy: String) -> DoctorFinding {
        DoctorFinding(level: .fail, name: name, text: text, remedy: remedy)
    }

    /// One line.
    var line: String {
        func padded(_ word: String, _ width: Int) -> String {
            word + String(repeating: " ", count: max(1, width - word.count))
        }
        let line = padded(level.rawValue, 6) + padded(name, 13) + text + (remedy.map { "; \($0)" } ?? "")
        return Printable.text(line)
    }
}
