import Glibc
import Testing

@Suite("How the program ends")
struct ExitCodeTests {
    /// Runs the program to its end.
    private static func run(_ arguments: String...) throws -> ChildProcess.Result {
        try ChildProcess(arguments).finish()
    }

    @Test("A wrong command line: 64, and one line that says what is right")
    func usage() throws {
        let table: [(arguments: [String], line: String)] = [
            (["--polcy", "x"], "unknown option --polcy; did you mean \"policy\"?; see --help for those there are"),
            (["rum"], "unknown command \"rum\"; did you mean \"run\"?"),
            (["--workers", "many"], "--workers: \"many\" is no such number; a whole number from 1 to 64 is needed"),
            (["--listen", "localhost:1"], "--listen: \"localhost\" is no address; "),
        ]
        for (arguments, line) in table {
            let result = try ChildProcess(arguments).finish()
            #expect(result.code == 64)
            #expect(result.complaints.count == 1)
            #expect(result.complaints.first?.hasPrefix("sallyport: \(line)") == true, "\(result.complaints)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("A port that is taken: 1, and one line that names it")
    func portInUse() throws {
        let taken = try LoopbackListener()
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let result = try Self.run(
            "--listen", "127.0.0.1:\(taken.port)", "--policy", folder["policy.conf"], "--log", folder["access.log"])
        #expect(result.code == 1)
        #expect(result.complaints == ["sallyport: can't listen on 127.0.0.1:\(taken.port): Address already in use"])
    }

    @Test("A policy with mistakes: 1, and a line for each with its place")
    func badPolicy() throws {
        let folder = try TestFolder(["policy.conf": "denny to host:a\ndeny to hots:a\ndefault allow\n"])
        let result = try Self.run(
            "--listen", "127.0.0.1:0", "--policy", folder["policy.conf"], "--log", folder["access.log"])
        #expect(result.code == 1)
        #expect(result.complaints.count == 2)
        #expect(result.complaints[0].hasPrefix("sallyport: \(folder["policy.conf"]):1:1: "))
        #expect(result.complaints[1].hasPrefix("sallyport: \(folder["policy.conf"]):2:9: "))
    }

    @Test("A policy that is not there: 1, and one line")
    func noPolicy() throws {
        let folder = try TestFolder([:])
        let result = try Self.run(
            "--listen", "127.0.0.1:0", "--policy", folder["policy.conf"], "--log", folder["access.log"])
        #expect(result.code == 1)
        #expect(result.complaints.count == 1)
        #expect(result.complaints[0].contains(folder["policy.conf"]))
        #expect(result.complaints[0].contains("No such file or directory"))
    }

    @Test("A log that can't be opened: 1, and one line that names it")
    func unwritableLog() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let result = try Self.run(
            "--listen", "127.0.0.1:0", "--policy", folder["policy.conf"], "--log", folder["absent/access.log"])
        #expect(result.code == 1)
        #expect(
            result.complaints
                == ["sallyport: can't open the log \(folder["absent/access.log"]): No such file or directory"])
    }

    @Test("A configuration file with mistakes: 1, and a line for each with its place")
    func badConfiguration() throws {
        let folder = try TestFolder(["conf": "lissten x\nworkers 0\n"])
        let result = try Self.run("--config", folder["conf"])
        #expect(result.code == 1)
        #expect(result.complaints.count == 2)
        #expect(result.complaints[0].hasPrefix("sallyport: \(folder["conf"]):1:1: unknown option \"lissten\""))
        #expect(result.complaints[1].hasPrefix("sallyport: \(folder["conf"]):2:9: workers: "))
    }

    @Test("Help and version: 0, on standard output")
    func help() throws {
        let help = try Self.run("--help")
        #expect(help.code == 0)
        #expect(help.output.contains("usage: sallyport"))
        #expect(help.complaints.isEmpty)
        let version = try Self.run("--version")
        #expect(version.code == 0)
        #expect(version.output.hasPrefix("sallyport "))
    }
}
