import Addressing
import Policy
import Proxy

/// `sallyport setup`: what is to be done in browsers, systems and programs so that they use the proxy; and doing it where
/// this machine allows, and taking it back.
struct SetupCommand {
    private var proxy = Authority(host: .address(.loopbackV4), port: Port(3128))
    private var applied: SetupTarget?
    private var undone: SetupTarget?

    private static let options: [Option<SetupCommand>] = [
        Option(name: "proxy", value: "ADDR:PORT", help: "where the proxy is reached (127.0.0.1:3128)") {
            command, text throws(OptionError) in
            do throws(HostError) {
                command.proxy = try Authority(text)
            } catch {
                throw OptionError(
                    "\"\(text)\": \(error)", allowed: "such as 127.0.0.1:3128 or proxy.example:3128 is needed")
            }
        },
        Option(name: "apply", value: "NAME", help: "does it, and keeps what was there before") {
            command, text throws(OptionError) in
            command.applied = try OptionValue.oneOf(text)
        },
        Option(
            name: "undo", value: "NAME", help: "puts back what was there before --apply, unless it was changed since"
        ) {
            command, text throws(OptionError) in
            command.undone = try OptionValue.oneOf(text)
        },
    ]

    /// - Throws: `UsageError`, `SetupError`.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        let parser = try ArgumentParser(arguments, options: options)
        guard !parser.asksForHelp else {
            let names = SetupTarget.allCases.map(\.rawValue).joined(separator: ", ")
            print(
                Help.text(
                    usage: "setup [NAME] [OPTION ...]",
                    about:
                        "Says how to set the proxy in: \(names).\nOr does it: --apply NAME, and takes it back: --undo NAME.",
                    options, codes: "0 done, 1 not done, 64 wrong command line"))
            return 0
        }
        var command = SetupCommand()
        try parser.apply(to: &command)
        let name = try parser.operands(0...1, called: "").first
        guard [name != nil, command.applied != nil, command.undone != nil].count(where: { $0 }) <= 1 else {
            throw UsageError("one of NAME, --apply NAME and --undo NAME is allowed; see --help")
        }
        if let target = command.applied { return try command.apply(target) }
        if let target = command.undone {
            print(try SetupMachine.current().undo(target))
            return 0
        }
        print(SetupCommand.text(of: try targets(name), for: command.proxy))
        return 0
    }

    /// The steps for people.
    static func text(of targets: [SetupTarget], for proxy: Authority) -> String {
        targets.map { target in
            let steps = target.steps(for: proxy).map { step in
                "  \(step.text)\n" + (step.code.map { "\n\(indented($0))\n" } ?? "")
            }
            return "\(target.title) (\(target.rawValue))\n\n" + steps.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    // MARK: - Private

    private static func targets(_ name: String?) throws(UsageError) -> [SetupTarget] {
        guard let name else { return SetupTarget.allCases }
        guard let target = SetupTarget(rawValue: name) else {
            let names = SetupTarget.allCases.map(\.rawValue)
            throw UsageError(
                "\"\(name)\" is not known\(NearestWord.suggestion(name, among: names)); there are "
                    + names.joined(separator: ", "))
        }
        return [target]
    }

    private func apply(_ target: SetupTarget) throws -> Int32 {
        do throws(SetupError) {
            print(try SetupMachine.current().apply(target, for: proxy))
            return 0
        } catch {
            Sallyport.complain("\(target.rawValue): \(error)")
            print("By hand:\n\n\(SetupCommand.text(of: [target], for: proxy))")
            return 1
        }
    }

    private static func indented(_ code: String) -> String {
        code.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }.joined(separator: "\n")
    }
}
