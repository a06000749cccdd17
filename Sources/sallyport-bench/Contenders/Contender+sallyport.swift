extension Contender {
    static let sallyport = build(
        named: "sallyport", "one worker, access log on; except in start, its policy has a million domains")

    /// Another build of Sallyport, to see what a change brings.
    static let besides = build(named: "beside", "another build of Sallyport, by --beside")

    private static func build(named name: String, _ remark: String) -> Contender {
        Contender(
            name: name, executable: "sallyport", versionFlag: "--version", remark: remark,
            dialects: [.socks5, .connect], httpDialect: .http, relaysDatagrams: true, canDeny: true,
            setUp: sallyportSetup)
    }

    private static func sallyportSetup(_ site: Site) -> Setup {
        let task = site.task
        var arguments = [
            "--listen", "127.0.0.1:\(site.port)", "--workers", "1", "--grace", "0s",
            "--policy", task.policy ?? "\(site.folder)/policy.conf",
            "--log", task.isLogging ? "\(site.folder)/access.log" : "off",
        ]
        if let resolver = task.resolver { arguments += ["--resolver", resolver] }
        var files: [Setup.File] = []
        if task.policy == nil { files.append(Setup.File(name: "policy.conf", text: "default allow\n")) }
        if let users = task.users {
            arguments += ["--users", "\(site.folder)/users"]
            files.append(Setup.File(name: "users", text: users))
        }
        return Setup(arguments: arguments, files: files)
    }
}
