import Addressing
import Testing

@testable import sallyport

@Suite("The command line")
struct ArgumentParserTests {
    private static func settings(_ words: String...) throws -> Settings {
        try #require(try RunCommand.settings(words[...]))
    }

    private static func mistake(_ words: [String]) -> String {
        do {
            _ = try RunCommand.settings(words[...])
            return "no mistake"
        } catch {
            return "\(error)"
        }
    }

    @Test("Without a word everything has its default")
    func defaults() throws {
        let settings = try Self.settings()
        #expect(settings.policy == "acl/policy.conf")
        #expect(settings.log == "logs/access.log")
        #expect(settings.proxy.listeners.map(\.endpoint.description) == ["127.0.0.1:3128", "[::1]:3128"])
        #expect(settings.proxy.listeners.map(\.isOptional) == [false, true])
        #expect(settings.grace == .seconds(10))
        #expect(settings.proxy.handshakeTimeout == .seconds(10))
        #expect(settings.proxy.connectTimeout == .seconds(10))
        #expect(settings.proxy.idleTimeout == .seconds(900))
        #expect((1...64).contains(settings.proxy.workers))
    }

    @Test("A value stands behind its flag, or behind an equals sign")
    func forms() throws {
        let settings = try Self.settings(
            "--policy", "a", "--log=b", "--grace", "0s", "--idle-timeout=2h", "--workers", "3")
        #expect(settings.policy == "a")
        #expect(settings.log == "b")
        #expect(settings.grace == .zero)
        #expect(settings.proxy.idleTimeout == .seconds(7200))
        #expect(settings.proxy.workers == 3)
        #expect(try Self.settings("--policy=a=b").policy == "a=b")
        #expect(try Self.settings("--policy", "--log").policy == "--log")
        #expect(try Self.settings("--log", "off").log == nil)
    }

    @Test("Listeners that are given replace the default ones, and add to each other")
    func listeners() throws {
        let settings = try Self.settings("--listen", "0.0.0.0:1", "--listen=[::]:2")
        #expect(settings.proxy.listeners.map(\.endpoint.description) == ["0.0.0.0:1", "[::]:2"])
        #expect(settings.proxy.listeners.allSatisfy { !$0.isOptional })
    }

    @Test("A mistake says what is wrong and what is allowed")
    func mistakes() {
        let table: [(words: [String], message: String)] = [
            (["--polcy", "x"], "unknown option --polcy; did you mean \"policy\"?; see --help for those there are"),
            (["--nothing-like-it"], "unknown option --nothing-like-it; see --help for those there are"),
            (["--policy"], "--policy lacks its value; --policy FILE is needed"),
            (["--policy", "a", "--policy", "b"], "--policy is given twice; once is allowed"),
            (["--policy="], "--policy: the name is empty; a file is needed"),
            (["-p"], "unexpected argument \"-p\"; options begin with --, see --help"),
            (["file"], "unexpected argument \"file\"; see --help"),
            (["--", "--policy"], "unexpected argument \"--policy\"; see --help"),
            (["--workers", "0"], "--workers: \"0\" is no such number; a whole number from 1 to 64 is needed"),
            (["--idle-timeout", "0s"], "--idle-timeout: \"0s\" is out of range; from 1ms to 366d is allowed"),
        ]
        for (words, message) in table { #expect(Self.mistake(words) == message) }
    }

    @Test("Help is given wherever it is asked for")
    func help() throws {
        #expect(try RunCommand.settings(["--help"]) == nil)
        #expect(try RunCommand.settings(["--policy", "a", "-h"]) == nil)
    }

    @Test("The first word is the command, unless it is an option")
    func commands() throws {
        for command in Command.allCases {
            #expect(try Command.find(in: [command.rawValue, "x"]) == (command, ["x"]))
        }
        #expect(try Command.find(in: []) == (.run, []))
        #expect(try Command.find(in: ["--log", "x"]) == (.run, ["--log", "x"]))
        #expect(
            throws: UsageError(
                "unknown command \"chekc\"; did you mean \"check\"?; there are "
                    + "\(Command.allCases.map(\.rawValue).joined(separator: ", ")), see --help")
        ) {
            _ = try Command.find(in: ["chekc"])
        }
    }

    @Test("Flags win over the lines of the file that --config names, wherever they stand")
    func configuration() throws {
        let folder = try TestFolder([
            "conf": "policy from-file\nlog from-file\nlisten 127.0.0.1:1\nlisten 127.0.0.1:2\n"
        ])
        let settings = try Self.settings("--policy", "from-flag", "--config", folder["conf"], "--listen", "127.0.0.1:3")
        #expect(settings.policy == "from-flag")
        #expect(settings.log == "from-file")
        #expect(settings.proxy.listeners.map(\.endpoint.port) == [Port(3)])
        #expect(
            try Self.settings("--config", folder["conf"]).proxy.listeners.map(\.endpoint.port) == [Port(1), Port(2)])
    }
}
