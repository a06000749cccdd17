import Addressing
import Glibc
import Proxy

/// The machine and the user for whom the proxy is set.
struct SetupMachine {
    /// `HOME` and its like.
    let environment: [String: String]
    /// Before the names of the system's files.
    var root = ""

    static func current() -> SetupMachine {
        let names = [
            "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "CURL_HOME", "GIT_CONFIG_GLOBAL", "NPM_CONFIG_USERCONFIG",
            "DOCKER_CONFIG",
        ]
        let pairs = names.compactMap { name in getenv(name).map { (name, String(cString: $0)) } }
        return SetupMachine(environment: Dictionary(uniqueKeysWithValues: pairs.filter { !$0.1.isEmpty }))
    }

    /// - Returns: what was done, for people.
    /// - Throws: `SetupError`, also for what can't be done from here at all.
    func apply(_ target: SetupTarget, for proxy: Authority) throws(SetupError) -> String {
        let undoing = "sallyport setup --undo \(target.rawValue) puts back what was there"
        if target == .gnome {
            try GNOMESettings(backup: try backup(target)).apply(SetupText(proxy))
            return "gnome: the proxy is \(proxy); \(undoing)"
        }
        let place = try SetupPlace(target, self)
        let isChanged = try SetupBackup(at: try backup(target)).apply(place, SetupText(proxy))
        return isChanged
            ? "\(target): \(place.path) names \(proxy); \(undoing)" : "\(target): \(place.path) names it already"
    }

    /// - Returns: what was done, for people.
    func undo(_ target: SetupTarget) throws(SetupError) -> String {
        let folder = try backup(target)
        if target == .gnome {
            try GNOMESettings(backup: folder).undo()
            return "gnome: the settings are as they were"
        }
        return "\(target): \(try SetupBackup(at: folder).undo()) is as it was"
    }

    // MARK: - Folders

    func home() throws(SetupError) -> String {
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw SetupError("HOME is not set, so that it is not known whose settings are meant")
        }
        return home
    }

    /// What the variable `name` says, or else the place in the home.
    func path(_ name: String, else place: String) throws(SetupError) -> String {
        if let path = environment[name] { return path }
        return try home() + place
    }

    /// Spec: XDG Base Directory Specification 0.8: a path that is not absolute doesn't count.
    func configuration() throws(SetupError) -> String {
        if let path = environment["XDG_CONFIG_HOME"], path.hasPrefix("/") { return path }
        return try home() + "/.config"
    }

    private func backup(_ target: SetupTarget) throws(SetupError) -> String {
        let state: String
        if let path = environment["XDG_STATE_HOME"], path.hasPrefix("/") {
            state = path
        } else {
            state = try home() + "/.local/state"
        }
        return "\(state)/sallyport/setup/\(target.rawValue)"
    }
}
