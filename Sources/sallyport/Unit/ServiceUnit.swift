import Glibc

/// The unit under which systemd runs the proxy, with no more rights than it needs. Spec: systemd.service(5), systemd.exec(5).
struct ServiceUnit {
    private let settings: Settings
    private let options: [String]
    private let folder: String
    private let program: String

    /// Where systemd makes a folder for the log that is the service's own.
    private static let logFolder = "/var/log/sallyport"

    /// - Parameters:
    ///   - options: of `run`, as they were given.
    ///   - folder: where relative paths begin.
    init(_ settings: Settings, options: [String], folder: String, program: String) {
        self.settings = settings
        self.options = options
        self.folder = folder
        self.program = program
    }

    var text: String {
        get throws(UnitError) {
            guard settings.user == nil else {
                throw UnitError("systemd gives the service a user of its own; leave --user out")
            }
            return (notes + unit + service + rights + files + ["", "[Install]", "WantedBy=multi-user.target", ""])
                .joined(separator: "\n")
        }
    }

    // MARK: - Private

    /// What stands in the way of running it as it is printed.
    private var notes: [String] {
        var notes = ["# Printed by sallyport unit, for systemd 253 or later."]
        for path in [program, folder] where path == "/root" || path.hasPrefix("/root/") {
            notes.append(
                "# \(path) is for root alone: the service's user can't go there. Move it, for instance to /usr/local.")
        }
        if let log = ownLog { notes.append("# \(Folder.of(log)) must be writable by the service's user.") }
        return notes
    }

    private var unit: [String] {
        [
            "[Unit]", "Description=Sallyport, a forward proxy", "Wants=network-online.target",
            "After=network-online.target nss-lookup.target",
            "# Five starts within ten seconds would otherwise end the service, and its sockets with it.",
            "StartLimitIntervalSec=0", "",
        ]
    }

    private var service: [String] {
        let stop = settings.grace.components.seconds + 15
        return [
            "[Service]", "# Before version 253, which ignores the second, there is no reload by systemctl.",
            "Type=notify",
            "Type=notify-reload", "ExecStart=\(command)", "WorkingDirectory=\(Self.escaped(folder))",
            "Restart=on-failure", "RestartSec=1s", "WatchdogSec=30s", "TimeoutStartSec=5min", "TimeoutStopSec=\(stop)s",
            "LimitNOFILE=524288", "",
        ]
    }

    private var command: String {
        var words = [program, "run"] + options
        if settings.given["policy"] == nil { words += ["--policy", absolute(settings.policy)] }
        if settings.given["log"] == nil { words += ["--log", "\(Self.logFolder)/access.log"] }
        return words.map(Self.quoted).joined(separator: " ")
    }

    private var rights: [String] {
        let ports = settings.proxy.listeners.map(\.endpoint.port.rawValue)
        let needsLowPorts = ports.contains { (1..<1024).contains($0) }
        let capabilities = needsLowPorts ? "CAP_NET_BIND_SERVICE" : ""
        return [
            "DynamicUser=yes", "User=sallyport", "NoNewPrivileges=yes", "CapabilityBoundingSet=\(capabilities)",
            "AmbientCapabilities=\(capabilities)", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
            "RestrictNamespaces=yes", "RestrictRealtime=yes", "RestrictSUIDSGID=yes", "LockPersonality=yes",
            "MemoryDenyWriteExecute=yes", "SystemCallArchitectures=native",
            "SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self",
            "SystemCallFilter=~@privileged @keyring", "SystemCallErrorNumber=EPERM", "KeyringMode=private",
            "RemoveIPC=yes", "UMask=0027",
        ] + (needsLowPorts ? [] : ["PrivateUsers=yes"])
    }

    private var files: [String] {
        let isHome = [program, folder].contains { path in
            ["/home/", "/root", "/run/user/"].contains { path.hasPrefix($0) }
        }
        var lines = [
            "RuntimeDirectory=sallyport", "StateDirectory=sallyport", "LogsDirectory=sallyport",
            "LogsDirectoryMode=0750", "ProtectSystem=strict",
            "ProtectHome=\(isHome ? "read-only" : "yes")", "PrivateDevices=yes",
            "PrivateTmp=\(isTemporary ? "no" : "yes")",
            "ProtectClock=yes", "ProtectControlGroups=yes", "ProtectHostname=yes", "ProtectKernelLogs=yes",
            "ProtectKernelModules=yes", "ProtectKernelTunables=yes", "ProtectProc=invisible", "ProcSubset=pid",
        ]
        if let log = ownLog { lines.append("ReadWritePaths=\(Self.quoted(Folder.of(log)))") }
        return lines
    }

    /// A log elsewhere than in the folder that systemd makes.
    private var ownLog: String? {
        guard settings.given["log"] != nil, let log = settings.log, log != "-" else { return nil }
        let path = absolute(log)
        return path.hasPrefix(Self.logFolder + "/") ? nil : path
    }

    private var isTemporary: Bool {
        [program, folder].contains { $0.hasPrefix("/tmp/") || $0.hasPrefix("/var/tmp/") }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : (folder == "/" ? "" : folder) + "/" + path
    }

    /// As one word of a command line that means itself. Spec: systemd.service(5), "Command lines"; systemd.syntax(7).
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./:=,[]@+".utf8.contains(byte)
        }
        guard !isPlain || word.isEmpty else { return word }
        var text = ""
        for character in word {
            switch character {
            case "\"", "\\": text += "\\\(character)"
            case "$": text += "$$"
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return "\"\(escaped(text))\""
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "%" ? "%%" : String($0) }.joined()
    }
}
