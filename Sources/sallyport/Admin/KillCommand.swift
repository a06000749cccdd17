import AccessLog
import Glibc

/// `sallyport kill`: ends requests and tunnels of the running proxy, each with its record.
struct KillCommand: AdminAsking {
    var access = AdminAccess()
    private var user: String?
    private var host: String?

    private static let options: [Option<KillCommand>] =
        [
            Option(name: "user", value: "NAME", help: "all of that user") { command, text throws(OptionError) in
                command.user = text
            },
            Option(name: "host", value: "NAME", help: "all to that host") { command, text throws(OptionError) in
                command.host = text
            },
        ] + accessOptions

    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            print(
                Help.text(
                    usage: "kill ID|--user NAME|--host NAME [OPTION ...]",
                    about:
                        "Ends the requests and tunnels that are meant, and says how many there were. ID is a request's\n"
                        + "or a connection's, as in the log and in connections.",
                    options, codes: "0 some ended, 1 nothing answers, 2 there were none, 64 wrong command line"))
            return 0
        }
        var command = KillCommand()
        try parser.apply(to: &command)
        let id = try parser.operands(0...1, called: "").first
        let meant = [("id", id), ("user", command.user), ("host", command.host)].compactMap { name, value in
            value.map { "\(name)=\(escaped($0))" }
        }
        guard meant.count == 1 else { throw UsageError("one of ID, --user and --host is needed; see --help") }
        let body = try command.access.client().ask("POST", "/kill?\(meant[0])")
        guard let count = number(body) else {
            throw AdminClient.Failure(description: "the answer can't be read: it may have been cut off")
        }
        print("\(count) ended")
        return count > 0 ? 0 : 2
    }

    // MARK: - Private

    /// The number in `{"ended":N}`.
    private static func number(_ body: [UInt8]) -> Int? {
        let text = String(decoding: body, as: UTF8.self)
        guard text.hasPrefix("{\"ended\":"), text.hasSuffix("}\n") else { return nil }
        return Int(text.dropFirst(9).dropLast(2))
    }

    /// Spec: RFC 3986 §2.1.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || byte == 0x2e)
            result += isPlain || byte == 0x2d ? String(Character(scalar)) : "%" + hex(byte)
        }
        return result
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}
