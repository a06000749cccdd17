import Proxy

/// How a command finds the running proxy: `--admin`, or the line of a configuration file, or the usual place.
struct AdminAccess {
    var place: AdminPlace?
    var token: [UInt8]?
    var file: String?

    /// Tried where nothing else is said.
    static let usual = AdminPlace.local(path: "/run/sallyport/admin.sock")

    /// - Throws: `ConfigurationErrors`, `UsageError`.
    func client() throws -> AdminClient {
        var (place, token) = (place, token)
        if let file, place == nil {
            let settings = try ConfigurationFile.read(file)
            guard let named = settings.admin else { throw UsageError("\(file) has no line admin; --admin is needed") }
            place = named
            token = token ?? settings.adminToken
        }
        return AdminClient(place: place ?? Self.usual, token: token, isGuessed: place == nil)
    }
}

/// A command that asks the running proxy.
protocol AdminAsking: SendableMetatype {
    var access: AdminAccess { get set }
}

extension AdminAsking {
    static var accessOptions: [Option<Self>] {
        [
            Option(
                name: "admin", value: "PLACE",
                help: "where the proxy answers, as it was started with (\(AdminAccess.usual))"
            ) { command, text throws(OptionError) in
                command.access.place = try OptionValue.adminPlace(text)
            },
            Option(name: "admin-token", value: "FILE", help: "what to show to a proxy on another machine (none)") {
                command, text throws(OptionError) in
                command.access.token = try OptionValue.token(of: text)
            },
            Option(name: "config", value: "FILE", help: "the proxy's file of options, which says where it answers") {
                command, text throws(OptionError) in
                command.access.file = try OptionValue.path(text)
            },
        ]
    }
}
