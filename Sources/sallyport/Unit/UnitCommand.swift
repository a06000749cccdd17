import Glibc

/// `sallyport unit`: prints the units under which systemd runs the program with the options that are given.
struct UnitCommand {
    /// - Throws: `UsageError`, `ConfigurationErrors` and `UnitError`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let isSocket = arguments.contains("--socket")
        let options = arguments.filter { $0 != "--socket" }
        guard let settings = try RunCommand.settings(options[...]) else {
            print(help)
            return 0
        }
        let unit = ServiceUnit(settings, options: Array(options), folder: try folder(), program: try program())
        print(isSocket ? try SocketUnit(settings).text : try unit.text, terminator: "")
        return 0
    }

    // MARK: - Private

    private static let help = """
        usage: sallyport unit [--socket] [OPTION ...]

        Prints a service unit for systemd 253 or later that runs this program, in this folder, with these options of run: put
        it into /etc/systemd/system/sallyport.service. With --socket the socket unit to it, for sallyport.socket: systemd then
        holds the ports, and no client is refused while the service restarts.

        Exit codes: 0 printed, 1 a configuration file is faulty or can't be run so, 64 wrong command line
        """

    private static func folder() throws(UnitError) -> String {
        guard let folder = getcwd(nil, 0) else { throw UnitError("the present folder has no path") }
        defer { free(folder) }
        return String(cString: folder)
    }

    private static func program() throws(UnitError) -> String {
        guard let path = Folder.resolved("/proc/self/exe") else { throw UnitError("the program has no path") }
        return path
    }
}

/// Why there is no such unit.
struct UnitError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
