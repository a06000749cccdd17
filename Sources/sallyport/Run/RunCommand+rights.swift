import AccessLog
import Glibc
import Policy

// What is done with root's rights, and how they are given up.
extension RunCommand {
    static func asUser<Result, Failure: Error>(
        _ privileges: Privileges?, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let privileges else { return try body() }
        return try privileges.asUser(body)
    }

    /// Opens the log as the user who will write it. Root opens it only where that user can't make files: in a folder where
    /// they could, root might be led to another file by a link.
    func openLog(_ privileges: Privileges?) throws -> LogWriter? {
        guard let path = settings.log else { return nil }
        guard let privileges, path != "-" else { return try makeLog(path) }
        if privileges.asUser({ Privileges.canWriteFolder(of: path) }) {
            return try privileges.asUser { () throws(LogError) in try makeLog(path) }
        }
        Sallyport.complain(
            "warning: \(privileges.name) can't write the folder \(Folder.of(path)):"
                + " the log is not rotated, opened anew or handed over from there")
        return try makeLog(path)
    }

    /// Gives up what isn't needed any more. To be called before the first further thread.
    ///
    /// - Returns: whether the kernel keeps the program to its files.
    func lowerRights(_ privileges: Privileges?, _ ruleset: Ruleset) throws(PrivilegeError) -> Bool {
        let ports = settings.proxy.listeners.map(\.endpoint.port.rawValue)
        try privileges?.drop(keepsLowPorts: ports.contains { (1..<1024).contains($0) })
        guard settings.isConfined else { return false }
        var confinement = Confinement()
        for path in ruleset.files + [settings.policy] { confinement.allowReading(around: path) }
        let others =
            [settings.users, settings.file] + ["block-page", "log-key", "seal-key"].map { settings.given[$0]?.last }
        for path in others.compactMap(\.self) { confinement.allowReading(around: path) }
        if let log = settings.log, log != "-" { confinement.allowWriting(around: log) }
        if case .local(let path) = settings.admin { confinement.allowSocket(at: path) }
        return try confinement.enter()
    }

    /// Whether files that are replaced in `/etc` have to be opened by somebody else: root is confined to the single files there.
    var opensFilesOutside: Bool {
        settings.isConfined && settings.user == nil && geteuid() == 0
    }

    private func makeLog(_ path: String) throws(LogError) -> LogWriter {
        var options = settings.logOptions
        if let format = settings.copyFormat { options.copy = ("\(path).\(format.rawValue)", format) }
        if settings.sendsSeals {
            let syslog = Syslog()
            options.sealed = { head in _ = syslog.send("seal \(head) of \(path)") }
        }
        return try LogWriter(path: path, options: options)
    }
}
