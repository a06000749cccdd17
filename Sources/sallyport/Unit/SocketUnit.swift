import Proxy

/// The unit by which systemd holds the ports. Spec: systemd.socket(5).
struct SocketUnit {
    private let listeners: [Configuration.Listener]

    init(_ settings: Settings) {
        listeners = settings.proxy.listeners
    }

    var text: String {
        get throws(UnitError) {
            var lines = ["[Unit]", "Description=Sallyport, a forward proxy: its ports", "", "[Socket]"]
            for listener in listeners {
                guard listener.endpoint.port.rawValue != 0 else {
                    throw UnitError("a socket unit needs certain ports; listen names \(listener.endpoint)")
                }
                lines.append("ListenStream=\(listener.endpoint)")
            }
            lines += [
                "# An IPv6 port takes IPv6 alone, as Sallyport's own do.", "BindIPv6Only=ipv6-only", "Backlog=4096",
                "NoDelay=yes", "FreeBind=no", "", "[Install]", "WantedBy=sockets.target", "",
            ]
            return lines.joined(separator: "\n")
        }
    }
}
