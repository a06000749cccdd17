import Testing

@testable import sallyport

@Suite("The configuration file")
struct ConfigurationFileTests {
    private static func mistakes(_ text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFile.parse(text, file: "my.conf")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test("A line is an option's name and its value; comments, blanks and empty lines mean nothing")
    func lines() throws {
        let settings = try ConfigurationFile.parse(
            "# all of it\n\n  policy   my policy.conf  # with a blank\r\nlisten 127.0.0.1:1\nlisten [::1]:2\n\tgrace\t5s",
            file: "my.conf")
        #expect(settings.policy == "my policy.conf")
        #expect(settings.proxy.listeners.map(\.endpoint.description) == ["127.0.0.1:1", "[::1]:2"])
        #expect(settings.grace == .seconds(5))
        #expect(settings.file == "my.conf")
    }

    @Test("Every mistake is told with file, line and column, and with what is allowed")
    func positions() {
        let text = """
            policy a
              lissten 127.0.0.1:1
            idle-timeout   soon
            policy b
            workers
            config other.conf
            """
        let mistakes = Self.mistakes(text)
        #expect(mistakes.count == 5)
        #expect(
            mistakes[0].hasPrefix(
                "my.conf:2:3: unknown option \"lissten\"; did you mean \"listen\"?; allowed are listen, "))
        #expect(
            mistakes[1]
                == "my.conf:3:16: idle-timeout: \"soon\" is no time; a number with its unit is needed, "
                + "such as 500ms, 10s, 15m, 2h or 1d")
        #expect(mistakes[2] == "my.conf:4:1: policy stands here twice; once is allowed")
        #expect(mistakes[3] == "my.conf:5:8: workers: \"\" is no such number; a whole number from 1 to 64 is needed")
        #expect(mistakes[4].hasPrefix("my.conf:6:1: unknown option \"config\""))
        #expect(!mistakes[4].contains("allowed are config"))
    }

    @Test("Columns count bytes, as editors' and compilers' do")
    func columns() {
        #expect(Self.mistakes("\u{e4}\u{f6}\u{fc}") == Self.mistakes("\u{e4}\u{f6}\u{fc}"))
        #expect(Self.mistakes("  \u{e4} x").first?.hasPrefix("my.conf:1:3: ") == true)
        #expect(Self.mistakes("policy a # \u{e4}\nworkers 0").first?.hasPrefix("my.conf:2:9: ") == true)
    }

    @Test("A file that can't be read, is no text or too large is told by its name")
    func unreadable() throws {
        let folder = try TestFolder(["text": "policy a\n"])
        #expect(try ConfigurationFile.read(folder["text"]).policy == "a")
        #expect(throws: ConfigurationErrors.self) { _ = try ConfigurationFile.read(folder["absent"]) }
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFile.read(folder["absent"])
        } catch {
            #expect(error.description == "\(folder["absent"]): can't be read: No such file or directory")
        }
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFile.read("/dev/zero")
            Issue.record("an endless file was read")
        } catch {
            #expect(error.description == "/dev/zero: is larger than 1048576 bytes")
        }
    }

    @Test("Every option that may stand in the file is taken from it by the name of its flag")
    func names() {
        for option in Settings.options where !option.isFlagOnly {
            let messages = Self.mistakes("\(option.name)")
            #expect(!messages.contains { $0.contains("unknown option") }, "\(option.name)")
        }
    }
}
