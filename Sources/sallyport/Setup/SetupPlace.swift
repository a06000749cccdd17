import Glibc
import Proxy

/// The file in which a program has its proxy, and how its text is changed.
struct SetupPlace {
    let target: SetupTarget
    /// As it is named; it may be a link.
    let path: String
    /// Of the file where it has to be made, and of its folders.
    let mode: (file: mode_t, folder: mode_t)

    /// - Throws: `SetupError` where the program is on another system, or keeps its settings elsewhere than in a file.
    init(_ target: SetupTarget, _ machine: SetupMachine) throws(SetupError) {
        self.target = target
        let isForAll: Bool
        switch target {
        case .environment:
            isForAll = false
            path = try machine.configuration() + "/environment.d/60-sallyport.conf"
        case .curl:
            isForAll = false
            path = try machine.path("CURL_HOME", else: "") + "/.curlrc"
        case .git:
            isForAll = false
            path = try machine.path("GIT_CONFIG_GLOBAL", else: "/.gitconfig")
        case .npm:
            isForAll = false
            path = try machine.path("NPM_CONFIG_USERCONFIG", else: "/.npmrc")
        case .pip:
            isForAll = false
            path = try machine.configuration() + "/pip/pip.conf"
        case .docker:
            isForAll = false
            path = try machine.path("DOCKER_CONFIG", else: "/.docker") + "/config.json"
        case .apt:
            let folder = machine.root + "/etc/apt/apt.conf.d"
            guard access(folder, F_OK) == 0 else { throw SetupError("this machine has no \(folder), and so no apt") }
            isForAll = true
            path = folder + "/95sallyport"
        case .firefox:
            isForAll = true
            path = machine.root + "/etc/firefox/policies/policies.json"
        case .chromium:
            isForAll = true
            path = machine.root + "/etc/chromium/policies/managed/sallyport.json"
        case .macos, .windows: throw SetupError("that is another system than this one, so it can't be set from here")
        case .kde:
            throw SetupError(
                "Plasma's running session has to be told, which its own System Settings do; it isn't done from here")
        case .gnome: preconditionFailure("GNOME's settings are no file")
        }
        mode = isForAll ? (0o644, 0o755) : (0o600, 0o700)
    }

    /// What the file is to hold.
    ///
    /// - Parameter text: what it holds; nil where there is none.
    /// - Throws: `SetupError` when it can't be changed without losing something.
    func changed(_ text: String?, _ settings: SetupText) throws(SetupError) -> String {
        do throws(JSONFault) {
            switch target {
            // What stands last counts: what was there before is left alone.
            case .git: return Self.appended(settings.git, to: text)
            case .curl: return Self.appended(settings.curl, to: text)
            case .npm: return INIText(text ?? "").setting(settings.npmPairs, in: nil)
            case .pip: return INIText(text ?? "").setting(settings.pipPairs, in: "global")
            case .docker: return try JSONText(text).setting(settings.dockerDefault, at: ["proxies", "default"])
            case .firefox: return try JSONText(text).setting(settings.firefoxProxy, at: ["policies", "Proxy"])
            case .environment: return settings.environment + "\n"
            case .apt: return settings.apt + "\n"
            case .chromium: return settings.chromium + "\n"
            case .gnome, .kde, .macos, .windows: preconditionFailure("\(target) has no file")
            }
        } catch {
            throw SetupError("\(path) is no JSON object that could be added to: \(error)")
        }
    }

    private static func appended(_ lines: String, to text: String?) -> String {
        guard let text, !text.isEmpty else { return lines + "\n" }
        return text + (text.hasSuffix("\n") ? "" : "\n") + lines + "\n"
    }
}
