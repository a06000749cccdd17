import Addressing

/// The proxy's address in the words of each program. An authority in normal form has no character that any of them gives a
/// meaning to.
public struct SetupText: Sendable {
    private let proxy: Authority

    public init(_ proxy: Authority) {
        self.proxy = proxy
    }

    /// `http://127.0.0.1:3128`.
    public var url: String { "http://\(proxy)" }
    public var pac: String { "\(url)/proxy.pac" }
    /// An IPv6 address in brackets.
    public var host: String {
        let text = proxy.description
        return String(text[..<(text.lastIndex(of: ":") ?? text.endIndex)])
    }
    /// An IPv6 address without.
    public var bareHost: String { proxy.host.description }

    /// What is not asked for through the proxy: the machine itself.
    private static let exceptions = "localhost,127.0.0.1,::1"

    private static let variables = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]

    /// Lines of a file of variables.
    public var environment: String {
        (Self.variables.map { "\($0)=\(url)" } + ["no_proxy", "NO_PROXY"].map { "\($0)=\(Self.exceptions)" })
            .joined(separator: "\n")
    }

    public var exports: String {
        """
        export http_proxy=\(url) https_proxy=\(url)
        export no_proxy=\(Self.exceptions)
        """
    }

    public var curl: String { "proxy = \"\(url)\"" }

    public var git: String { "[http]\n\tproxy = \(url)" }

    public var apt: String {
        """
        Acquire::http::Proxy "\(url)";
        Acquire::https::Proxy "\(url)";
        """
    }

    public var npmPairs: [(name: String, value: String)] { [("proxy", url), ("https-proxy", url)] }

    public var pipPairs: [(name: String, value: String)] { [("proxy", url)] }

    /// Of the member `default` of `proxies`.
    public var dockerDefault: String {
        """
        {
          "httpProxy": "\(url)",
          "httpsProxy": "\(url)",
          "noProxy": "\(Self.exceptions)"
        }
        """
    }

    var docker: String { Self.object("proxies", Self.object("default", dockerDefault)) }

    /// Of the member `Proxy` of `policies`.
    public var firefoxProxy: String {
        """
        {
          "Mode": "manual",
          "HTTPProxy": "\(proxy)",
          "UseHTTPProxyForAllProtocols": true,
          "Passthrough": "localhost, 127.0.0.1, ::1"
        }
        """
    }

    var firefox: String { Self.object("policies", Self.object("Proxy", firefoxProxy)) }

    public var chromium: String {
        """
        {
          "ProxySettings": {
            "ProxyMode": "fixed_servers",
            "ProxyServer": "\(url)"
          }
        }
        """
    }

    /// GNOME's settings, in the order in which they are set: the mode last.
    public var gsettings: [(schema: String, key: String, value: String)] {
        let root = "org.gnome.system.proxy"
        return ["http", "https"].flatMap { kind in
            [("\(root).\(kind)", "host", "'\(bareHost)'"), ("\(root).\(kind)", "port", "\(proxy.port)")]
        } + [(root, "mode", "'manual'")]
    }

    private static func object(_ name: String, _ value: String) -> String {
        let indented = value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
        return "{\n  \"\(name)\": \(indented)\n}"
    }
}
