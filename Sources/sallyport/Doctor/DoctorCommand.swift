import Glibc

/// `sallyport doctor`: whether the proxy would work here with these options, and how to mend what doesn't.
struct DoctorCommand {
    /// - Throws: `UsageError` and `ConfigurationErrors`, as `run` does.
    static func perform(_ arguments: ArraySlice<String>) throws -> Int32 {
        guard let settings = try RunCommand.settings(arguments) else {
            print(
                Help.text(
                    usage: "doctor [OPTION of run ...]",
                    about:
                        "Tries out whether the proxy would work here with these options: on ports, with an origin and a log\n"
                        + "of its own. A proxy that runs is not disturbed. One line for each trial: ok, warn or fail.",
                    Settings.options, codes: "0 nothing failed, 1 something did, 64 wrong command line"))
            return 0
        }
        signal(SIGPIPE, SIG_IGN)
        DescriptorLimit.raise()
        var hasFailed = false
        for trial in trials {
            for finding in trial(settings) {
                print(finding.line)
                _ = fflush(nil)
                if finding.level == .fail { hasFailed = true }
            }
        }
        return hasFailed ? 1 : 0
    }

    private static let trials: [@Sendable (Settings) -> [DoctorFinding]] = [
        DoctorFiles.policy, DoctorFiles.users, DoctorFiles.log, DoctorNetwork.ports, DoctorNetwork.admin,
        DoctorTrial.protocols, DoctorNetwork.ipv6, DoctorNetwork.resolver, DoctorSystem.limits, DoctorSystem.memory,
        DoctorSystem.clock,
    ]
}
