extension Contender {
    static let squid = Contender(
        name: "squid", executable: "squid", versionFlag: "-v",
        remark: "one worker, no cache, buffered access log; denies a single name where Sallyport has a million",
        dialects: [.connect], httpDialect: .http, canDeny: true
    ) { site in
        let deny = "acl denied dstdomain \(Site.deniedName)\nhttp_access deny denied\n"
        let text = """
            http_port 127.0.0.1:\(site.port)
            \(site.task.denies ? deny : "")http_access allow all
            cache deny all
            cache_mem 8 MB
            access_log stdio:\(site.folder)/access.log
            buffered_logs on
            cache_log \(site.folder)/cache.log
            pid_filename none
            coredump_dir \(site.folder)
            netdb_filename none
            pinger_enable off
            visible_hostname localhost
            dns_nameservers 127.0.0.1
            max_filedescriptors 16384
            shutdown_lifetime 0 seconds

            """
        return Setup(
            arguments: ["-N", "-f", "\(site.folder)/squid.conf", "-n", "bench\(site.port)"],
            files: [Setup.File(name: "squid.conf", text: text)])
    }

    static let tinyproxy = Contender(
        name: "tinyproxy", executable: "tinyproxy", versionFlag: "-v",
        remark: "a thread for each client, log of connects; denies a single name where Sallyport has a million",
        dialects: [.connect], httpDialect: .http, canDeny: true
    ) { site in
        let deny = "Filter \"\(site.folder)/filter\"\nFilterExtended On\n"
        let text = """
            Port \(site.port)
            Listen 127.0.0.1
            Timeout 600
            MaxClients 10000
            Allow 127.0.0.1
            LogFile "\(site.folder)/access.log"
            LogLevel Connect
            PidFile "\(site.folder)/tinyproxy.pid"
            \(site.task.denies ? deny : "")
            """
        return Setup(
            arguments: ["-d", "-c", "\(site.folder)/tinyproxy.conf"],
            files: [
                Setup.File(name: "tinyproxy.conf", text: text),
                Setup.File(name: "filter", text: "^\(Site.deniedName.replacingDots)$\n"),
            ])
    }

    static let privoxy = Contender(
        name: "privoxy", executable: "privoxy", versionFlag: "--version",
        remark: "a thread for each client, log in common format, no filters; denies a single name",
        dialects: [.connect], httpDialect: .http, canDeny: true
    ) { site in
        let text = """
            confdir \(site.folder)
            logdir \(site.folder)
            logfile access.log
            debug 512
            listen-address 127.0.0.1:\(site.port)
            toggle 1
            enable-remote-toggle 0
            actionsfile bench.action
            keep-alive-timeout 300
            default-server-timeout 300
            connection-sharing 1
            socket-timeout 300
            max-client-connections 10000

            """
        return Setup(
            arguments: ["--no-daemon", "\(site.folder)/config"],
            files: [
                Setup.File(name: "config", text: text),
                Setup.File(
                    name: "bench.action", text: site.task.denies ? "{+block{bench}}\n\(Site.deniedName)\n" : "\n"),
            ])
    }
}

extension String {
    /// As an extended regular expression that means the dots.
    fileprivate var replacingDots: String {
        split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
    }
}
