import Addressing

/// A browser, a system or a program in which the proxy can be set: `sallyport setup` and the page `/setup` both have their
/// steps from here.
public enum SetupTarget: String, CaseIterable, Sendable {
    case environment
    case gnome
    case kde
    case macos
    case windows
    case firefox
    case chromium
    case curl
    case git
    case apt
    case npm
    case pip
    case docker

    /// Something to do, and what is to be typed or written for it.
    public struct Step: Hashable, Sendable {
        public let text: String
        /// Commands, or the text of a file.
        public let code: String?

        init(_ text: String, _ code: String? = nil) {
            self.text = text
            self.code = code
        }
    }

    public var title: String {
        switch self {
        case .environment: "Environment"
        case .gnome: "GNOME"
        case .kde: "KDE"
        case .macos: "macOS"
        case .windows: "Windows"
        case .firefox: "Firefox"
        case .chromium: "Chromium and Chrome"
        case .curl: "curl"
        case .git: "git"
        case .apt: "apt"
        case .npm: "npm"
        case .pip: "pip"
        case .docker: "Docker"
        }
    }
}

extension SetupTarget {
    /// - Parameter proxy: where the proxy is reached.
    public func steps(for proxy: Authority) -> [Step] {
        switch self {
        case .environment, .curl, .git, .apt, .npm, .pip, .docker: programSteps(proxy)
        case .gnome, .kde, .macos, .windows: systemSteps(proxy)
        case .firefox, .chromium: browserSteps(proxy)
        }
    }

    // MARK: - Private

    private func programSteps(_ proxy: Authority) -> [Step] {
        let text = SetupText(proxy)
        return switch self {
        case .environment:
            [
                Step("For this shell and what is started from it:", text.exports),
                Step(
                    "For every session from the next login on, in ~/.config/environment.d/60-sallyport.conf:",
                    text.environment),
            ]
        case .curl:
            [Step("In ~/.curlrc:", text.curl), Step("Or once:", "curl --proxy \(text.url) https://www.example.com/")]
        case .git: [Step("For all repositories:", "git config --global http.proxy \(text.url)")]
        case .apt: [Step("In /etc/apt/apt.conf.d/95sallyport, as root:", text.apt)]
        case .npm: [Step("For you:", "npm config set proxy \(text.url)\nnpm config set https-proxy \(text.url)")]
        case .pip: [Step("For you:", "pip config set global.proxy \(text.url)")]
        case .docker:
            [
                Step("For containers and builds, in ~/.docker/config.json:", text.docker),
                Step(
                    "The address has to be one that containers can reach: 127.0.0.1 is each container's own. The daemon"
                        + " itself, which fetches images, takes the environment of its service."),
            ]
        case .gnome, .kde, .macos, .windows, .firefox, .chromium: []
        }
    }

    private func systemSteps(_ proxy: Authority) -> [Step] {
        let text = SetupText(proxy)
        return switch self {
        case .gnome:
            [
                Step(
                    "Settings → Network → Proxy → Manual: HTTP Proxy and HTTPS Proxy \(text.host), port \(proxy.port)."
                ),
                Step(
                    "Or in a terminal:",
                    text.gsettings.map { "gsettings set \($0.schema) \($0.key) \($0.value)" }.joined(separator: "\n")),
            ]
        case .kde:
            [
                Step(
                    "System Settings → Network → Proxy → Use manually specified proxy configuration: HTTP Proxy \(text.host),"
                        + " port \(proxy.port); use it for SSL as well."),
                Step(
                    "Or in a terminal (Plasma 5: kwriteconfig5):",
                    """
                    kwriteconfig6 --file kioslaverc --group 'Proxy Settings' --key ProxyType 1
                    kwriteconfig6 --file kioslaverc --group 'Proxy Settings' --key httpProxy 'http://\(text.host) \(proxy.port)'
                    kwriteconfig6 --file kioslaverc --group 'Proxy Settings' --key httpsProxy 'http://\(text.host) \(proxy.port)'
                    """),
            ]
        case .macos:
            [
                Step(
                    "System Settings → Network → your connection → Details → Proxies → Automatic proxy configuration:",
                    text.pac),
                Step(
                    "Or in a terminal, for the connection Wi-Fi:",
                    """
                    networksetup -setwebproxy Wi-Fi \(text.bareHost) \(proxy.port)
                    networksetup -setsecurewebproxy Wi-Fi \(text.bareHost) \(proxy.port)
                    """),
            ]
        case .windows:
            [
                Step("Settings → Network & internet → Proxy → Use setup script:", text.pac),
                Step("Or below it, Use a proxy server: address \(text.host), port \(proxy.port)."),
                Step("For services, as administrator:", "netsh winhttp set proxy \(proxy)"),
            ]
        case .environment, .firefox, .chromium, .curl, .git, .apt, .npm, .pip, .docker: []
        }
    }

    private func browserSteps(_ proxy: Authority) -> [Step] {
        let text = SetupText(proxy)
        return switch self {
        case .firefox:
            [
                Step(
                    "Settings → General → Network Settings → Manual proxy configuration: HTTP Proxy \(text.host), port"
                        + " \(proxy.port), also for HTTPS. Or SOCKS Host \(text.host), port \(proxy.port), SOCKS v5, with Proxy"
                        + " DNS when using SOCKS v5. Or Automatic proxy configuration URL:", text.pac),
                Step("For everybody on a machine, in /etc/firefox/policies/policies.json, as root:", text.firefox),
            ]
        case .chromium:
            [
                Step(
                    "Chromium takes the system's proxy (see above), or for one start:",
                    "chromium --proxy-server=\(text.url)"),
                Step(
                    "For everybody on a machine, as root: in /etc/chromium/policies/managed/sallyport.json (Chrome:"
                        + " /etc/opt/chrome/policies/managed):", text.chromium),
            ]
        case .environment, .gnome, .kde, .macos, .windows, .curl, .git, .apt, .npm, .pip, .docker: []
        }
    }
}
