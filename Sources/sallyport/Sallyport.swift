import Glibc

/// The command line's entry.
@main
enum Sallyport {
    static let version = "0.1.0"

    static func main() {
        let arguments = Array(ProgramArguments.all.dropFirst())
        if arguments.first == "--version" { return print("sallyport \(version)") }
        do {
            let (command, rest) = try Command.find(in: arguments)
            exit(try command.perform(rest))
        } catch let error as UsageError {
            complain("\(error)")
            exit(EX_USAGE)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    /// Tells the operator: each line of the text on standard error, after the program's name.
    static func complain(_ text: String) {
        for line in text.split(separator: "\n") {
            var line = "sallyport: \(line)\n"
            line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }
}
