extension Contender {
    static let haproxy = Contender(
        name: "haproxy", executable: "haproxy", versionFlag: "-v",
        remark: "a plain TCP relay to fixed origins: no handshake, no policy, no log; HTTP as a reverse proxy",
        dialects: [.raw], httpDialect: .reverse
    ) { haproxySetup($0, splices: false) }

    static let splicingHaproxy = Contender(
        name: "haproxy-splice", executable: "haproxy", versionFlag: "-v",
        remark: "as haproxy, with option splice-auto",
        dialects: [.raw]
    ) { haproxySetup($0, splices: true) }

    static let nginx = Contender(
        name: "nginx", executable: "nginx", versionFlag: "-v",
        remark: "a reverse proxy with access log: one process, buffered log, kept connections to the origin",
        httpDialect: .reverse
    ) { site in
        let servers = [OriginRole.small, .big].map { role in
            """
                upstream \(role) { server \(site.origins.endpoint(role)); keepalive 64; }
                server {
                    listen 127.0.0.1:\(site.port(.reverse, to: role));
                    location / {
                        proxy_pass http://\(role);
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            """
        }
        let text = """
            daemon off;
            master_process off;
            worker_processes 1;
            pid \(site.folder)/nginx.pid;
            error_log \(site.folder)/error.log;
            events { worker_connections 4096; }
            http {
                access_log \(site.folder)/access.log combined buffer=64k;
                keepalive_requests 1000000000;
                client_body_temp_path \(site.folder)/body;
                proxy_temp_path \(site.folder)/proxy;
                fastcgi_temp_path \(site.folder)/fastcgi;
                uwsgi_temp_path \(site.folder)/uwsgi;
                scgi_temp_path \(site.folder)/scgi;
                proxy_max_temp_file_size 0;
            \(servers.joined(separator: "\n"))
            }

            """
        return Setup(
            arguments: ["-c", "\(site.folder)/nginx.conf", "-e", "\(site.folder)/error.log"],
            files: [Setup.File(name: "nginx.conf", text: text)])
    }

    // MARK: - Private

    private static func haproxySetup(_ site: Site, splices: Bool) -> Setup {
        let relays = OriginRole.allCases.map { role in
            """
            listen \(role)
                mode \(role == .small || role == .big ? "http" : "tcp")
                bind 127.0.0.1:\(site.port(.raw, to: role))
                server origin \(site.origins.endpoint(role))
            """
        }
        // It wants two descriptors for each, and more for pipes, and doesn't start where the limit is lower.
        let maxConnections = min(6000, DescriptorLimit.current / 3)
        let text = """
            global
                maxconn \(maxConnections)
                nbthread 1
            defaults
                timeout connect 5s
                timeout client 300s
                timeout server 300s\(splices ? "\n    option splice-auto" : "")
            \(relays.joined(separator: "\n"))

            """
        return Setup(
            arguments: ["-db", "-f", "\(site.folder)/haproxy.cfg"], files: [Setup.File(name: "haproxy.cfg", text: text)]
        )
    }
}
