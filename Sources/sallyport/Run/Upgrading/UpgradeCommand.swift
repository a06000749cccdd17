import Glibc

/// `sallyport upgrade PID`: starts this program with the listening sockets of the one that runs as process PID, which drains
/// once the new one serves.
///
/// This command starts the new process, not the running one: that is confined, and may have given up its rights for good.
struct UpgradeCommand {
    /// - Throws: `UsageError` and `UpgradeError`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        guard let first = arguments.first, first != "--help", first != "-h" else {
            guard arguments.first != nil else {
                throw UsageError("the process's number is missing; see upgrade --help")
            }
            print(help)
            return 0
        }
        let options = Array(arguments.dropFirst())
        // Mistakes of the command line are told before anything is touched.
        if !options.isEmpty, try RunCommand.settings(options[...]) == nil {
            print(help)
            return 0
        }
        return try upgrade(try process(first), options)
    }

    // MARK: - Private

    private static let help = """
        usage: sallyport upgrade PID|FILE [OPTION ...]

        Starts this program in the place of the one that runs as process PID, or whose --pid-file is FILE: it gets the
        listening sockets, so that no client is refused, and the other drains as at SIGTERM. The options are those of run; none
        are those of the running one, if it is of the same user. If the new one can't start, the old one goes on.

        Exit codes: 0 the new one serves, 1 it could not start, 64 wrong command line
        """

    private static func process(_ text: String) throws -> pid_t {
        if let number = pid_t(text), number > 0 { return number }
        let contents: String
        do throws(TextFileError) {
            contents = try TextFile.contents(of: text, limit: 64)
        } catch {
            throw UsageError("\(text) is neither a process's number nor a file that holds one: \(error)")
        }
        guard let number = pid_t(contents.filter { !$0.isNewline }), number > 0 else {
            throw UpgradeError("\(text) holds no process's number")
        }
        return number
    }

    private static func upgrade(_ process: pid_t, _ options: [String]) throws -> Int32 {
        let former = try PacketSocket.connect(to: process)
        former.wait(atMost: 10)
        guard let peer = former.peer, peer.process == process, let offer = former.receive() else {
            throw UpgradeError("process \(process) does not answer")
        }
        guard offer.words.first == "yes", offer.words.count >= 2, offer.descriptors.count >= 2 else {
            throw UpgradeError("process \(process) refuses: \(offer.words.last ?? "")")
        }
        var arguments = options
        if options.isEmpty {
            guard peer.user == geteuid() else {
                // What another user's process says is not for us to do with our rights.
                throw UpgradeError("process \(process) is of another user; say the options with which to start")
            }
            arguments = Array(offer.words.dropFirst(2))
            guard chdir(offer.words[1]) == 0 else {
                throw UpgradeError("there is no folder \(offer.words[1]) any more")
            }
        }
        let child = try StartedProcess(arguments, former, offer.descriptors)
        if let complaint = child.failure() {
            former.send(["failed", complaint])
            throw UpgradeError("the new process did not start; process \(process) goes on")
        }
        print("process \(child.id) serves, process \(process) drains")
        return 0
    }
}
