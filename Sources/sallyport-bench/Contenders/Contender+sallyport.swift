extension Contender {
    static let sallyport = Contender(
        name: "sallyport", executable: "sallyport", versionFlag: "--version",
        remark: "one worker, access log on; except in start, its policy has a million domains",
        dialects: [.socks5, .connect], httpDialect: .http, canDeny: true
    ) { site in
        let task = site.task
        var arguments = [
            "--listen", "127.0.0.1:\(site.port)", "--workers", "1", "--grace", "0s",
            "--policy", task.policy ?? "\(site.folder)/policy.conf",
            "--log", task.isLogging ? "\(site.folder)/access.log" : "off",
        ]
        if let resolver = task.resolver { arguments += ["--resolver", resolver] }
        return Setup(
            arguments: arguments,
            files: task.policy == nil ? [Setup.File(name: "policy.conf", text: "default allow\n")] : [])
    }
}
