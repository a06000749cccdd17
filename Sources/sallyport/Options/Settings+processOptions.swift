extension Settings {
    /// The options of `sallyport run` about the process itself.
    static let processOptions: [Option<Settings>] = [
        Option(
            name: "user", value: "NAME", help: "whom to become, started as root, once ports and log are open (nobody)"
        ) {
            settings, text throws(OptionError) in
            guard !text.isEmpty else {
                throw OptionError("the name is empty", allowed: "a user of this system is needed")
            }
            settings.user = text
        },
        Option(
            name: "confine", value: "on|off",
            help: "whether the kernel keeps the program to its own files, by Landlock (on)"
        ) { settings, text throws(OptionError) in
            settings.isConfined = try OptionValue.onOff(text)
        },
        Option(name: "pid-file", value: "FILE", help: "gets the process's number once it serves (none)") {
            settings, text throws(OptionError) in
            settings.pidFile = try OptionValue.path(text)
        },
    ]
}
