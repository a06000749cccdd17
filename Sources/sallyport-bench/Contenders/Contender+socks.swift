extension Contender {
    static let microsocks = Contender(
        name: "microsocks", executable: "microsocks", versionFlag: "-V",
        remark: "SOCKS5, a thread for each client, a line on standard error for each, which goes to a file",
        dialects: [.socks5]
    ) { site in
        Setup(arguments: ["-i", "127.0.0.1", "-p", "\(site.port)"])
    }

    static let dante = Contender(
        name: "dante", executable: "danted", versionFlag: "-v",
        remark: "SOCKS5, one server process and its helpers, log of connect and disconnect",
        dialects: [.socks5], relaysDatagrams: true, canDeny: true, mostIdleTunnels: 500
    ) { site in
        let deny = """
            socks block {
                from: 127.0.0.0/8 to: \(Site.deniedName)
                log: connect
            }

            """
        let text = """
            logoutput: \(site.folder)/access.log
            internal: 127.0.0.1 port = \(site.port)
            external: lo
            clientmethod: none
            socksmethod: none
            user.privileged: root
            user.unprivileged: nobody
            client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
            \(site.task.denies ? deny : "")socks pass {
                from: 127.0.0.0/8 to: 0.0.0.0/0
                log: connect disconnect
            }

            """
        return Setup(
            arguments: ["-N", "1", "-p", "\(site.folder)/danted.pid", "-f", "\(site.folder)/danted.conf"],
            files: [Setup.File(name: "danted.conf", text: text)])
    }
}
