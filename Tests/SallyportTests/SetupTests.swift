import Addressing
import Glibc
import Proxy
import Testing

@testable import sallyport

@Suite("sallyport setup")
struct SetupTests {
    private static let proxy = Authority(host: .address(.loopbackV4), port: Port(3128))
    private static let url = "http://127.0.0.1:3128"

    /// A home and a system of a test's own.
    private final class Machine {
        private let files: TestFolder
        let folder: String
        let machine: SetupMachine

        init() throws {
            files = try TestFolder([:])
            folder = files.path
            machine = SetupMachine(
                environment: ["HOME": folder + "/home", "XDG_STATE_HOME": folder + "/state"], root: folder + "/root")
            for name in [
                "home", "home/.config", "home/.config/pip", "home/.docker", "root", "root/etc", "root/etc/apt",
            ] {
                mkdir(self[name], 0o755)
            }
            mkdir(self["root/etc/apt/apt.conf.d"], 0o755)
        }

        subscript(name: String) -> String { "\(folder)/\(name)" }

        func write(_ text: String, to name: String, mode: mode_t = 0o640) throws {
            try TextFile.write(text, to: self[name])
            chmod(self[name], mode)
        }

        func text(_ name: String) -> String? { try? TextFile.contents(of: self[name], limit: 1 << 20) }

        func mode(_ name: String) -> mode_t {
            var found = stat()
            return lstat(self[name], &found) == 0 ? found.st_mode & 0o7777 : 0
        }

        /// Everything but what `setup` itself keeps: names, modes and contents.
        func all() -> [String] {
            var lines: [String] = []
            func walk(_ name: String) {
                guard let stream = opendir(self[name]) else {
                    return lines.append("\(name) \(String(mode(name), radix: 8)) \(text(name) ?? "")")
                }
                defer { closedir(stream) }
                lines.append("\(name)/")
                while let entry = readdir(stream) {
                    let child = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    }
                    if child != "." && child != ".." { walk("\(name)/\(child)") }
                }
            }
            walk("home")
            walk("root")
            return lines.sorted()
        }
    }

    private static let files: [SetupTarget: String] = [
        .environment: "home/.config/environment.d/60-sallyport.conf", .curl: "home/.curlrc", .git: "home/.gitconfig",
        .npm: "home/.npmrc", .pip: "home/.config/pip/pip.conf", .docker: "home/.docker/config.json",
        .apt: "root/etc/apt/apt.conf.d/95sallyport", .firefox: "root/etc/firefox/policies/policies.json",
        .chromium: "root/etc/chromium/policies/managed/sallyport.json",
    ]

    @Test("Where there was nothing, applying makes it and undoing leaves nothing behind", arguments: files.keys)
    func fromNothing(target: SetupTarget) throws {
        let machine = try Machine()
        let before = machine.all()
        let file = try #require(Self.files[target])
        _ = try machine.machine.apply(target, for: Self.proxy)
        #expect(machine.text(file)?.contains("127.0.0.1:3128") == true)
        #expect(machine.mode(file) == (file.hasPrefix("home") ? 0o600 : 0o644))
        #expect(try machine.machine.apply(target, for: Self.proxy).hasSuffix("names it already"))
        _ = try machine.machine.apply(target, for: try Authority("proxy.example:8080"))
        #expect(machine.text(file)?.contains("proxy.example:8080") == true)
        #expect(machine.text(file)?.contains("127.0.0.1:3128") == false)
        _ = try machine.machine.undo(target)
        #expect(machine.all() == before)
        #expect(access(machine["state/sallyport"], F_OK) != 0)
        #expect(throws: SetupError.self) { try machine.machine.undo(target) }
    }

    @Test("What was there stays beside it, and comes back to the byte, with its mode")
    func fromSomething() throws {
        let cases: [(SetupTarget, before: String, after: String)] = [
            (.git, "[user]\n\tname = X", "[user]\n\tname = X\n[http]\n\tproxy = \(Self.url)\n"),
            (.curl, "silent\n", "silent\nproxy = \"\(Self.url)\"\n"),
            (
                .npm, "proxy=a\nregistry = r\nproxy = b\n[x]\nproxy = c\n",
                "proxy = \(Self.url)\nregistry = r\nhttps-proxy = \(Self.url)\n[x]\nproxy = c\n"
            ),
            (
                .pip, "[install]\nproxy = x\n[global]\nProxy : old\n  more\ntimeout = 1\n\n[list]\na=b",
                "[install]\nproxy = x\n[global]\nproxy = \(Self.url)\ntimeout = 1\n\n[list]\na=b\n"
            ),
            (.pip, "# mine\n", "# mine\n[global]\nproxy = \(Self.url)\n"),
            (
                .docker, #"{"a":[1.50,{"b":"\u0041\"]"}],"proxies":{"default":{"x":1},"tcp://h":{}},"e":{},"f":[]}"#,
                """
                {
                  "a": [
                    1.50,
                    {
                      "b": "\\u0041\\"]"
                    }
                  ],
                  "proxies": {
                    "default": {
                      "httpProxy": "\(Self.url)",
                      "httpsProxy": "\(Self.url)",
                      "noProxy": "localhost,127.0.0.1,::1"
                    },
                    "tcp://h": {}
                  },
                  "e": {},
                  "f": []
                }

                """
            ),
        ]
        for (target, before, after) in cases {
            let machine = try Machine()
            let file = try #require(Self.files[target])
            try machine.write(before, to: file)
            let all = machine.all()
            _ = try machine.machine.apply(target, for: Self.proxy)
            #expect(machine.text(file) == after)
            #expect(machine.mode(file) == 0o640)
            _ = try machine.machine.undo(target)
            #expect(machine.text(file) == before && machine.all() == all)
        }
    }

    @Test("What somebody has changed since is left alone, by applying and undoing alike, and what was before is kept")
    func changedSince() throws {
        let machine = try Machine()
        try machine.write("[a]\n", to: "home/.gitconfig")
        _ = try machine.machine.apply(.git, for: Self.proxy)
        let theirs = (machine.text("home/.gitconfig") ?? "") + "[b]\n"
        try machine.write(theirs, to: "home/.gitconfig")
        #expect(throws: SetupError.self) { try machine.machine.undo(.git) }
        #expect(throws: SetupError.self) { try machine.machine.apply(.git, for: Self.proxy) }
        #expect(machine.text("home/.gitconfig") == theirs)
        #expect(machine.text("state/sallyport/setup/git/before") == "[a]\n")
        unlink(machine["home/.gitconfig"])
        #expect(throws: SetupError.self) { try machine.machine.undo(.git) }
        // Whoever has put it back by hand has undone it.
        try machine.write("[a]\n", to: "home/.gitconfig")
        _ = try machine.machine.undo(.git)
        #expect(machine.text("home/.gitconfig") == "[a]\n")
    }

    @Test("Behind a link the file that is meant is changed, and the link stays; a link that leads nowhere is an error")
    func links() throws {
        let machine = try Machine()
        try machine.write("silent\n", to: "root/curlrc", mode: 0o600)
        symlink(machine["root/curlrc"], machine["home/.curlrc"])
        _ = try machine.machine.apply(.curl, for: Self.proxy)
        #expect(machine.text("root/curlrc") == "silent\nproxy = \"\(Self.url)\"\n")
        var found = stat()
        #expect(lstat(machine["home/.curlrc"], &found) == 0 && found.st_mode & S_IFMT == S_IFLNK)
        _ = try machine.machine.undo(.curl)
        #expect(machine.text("root/curlrc") == "silent\n" && machine.mode("root/curlrc") == 0o600)
        symlink("/nowhere/at/all", machine["home/.npmrc"])
        #expect(throws: SetupError.self) { try machine.machine.apply(.npm, for: Self.proxy) }
        mkdir(machine["home/.gitconfig"], 0o755)
        #expect(throws: SetupError.self) { try machine.machine.apply(.git, for: Self.proxy) }
    }

    @Test(
        "A file that can't be added to without loss is left alone",
        arguments: [
            #"{"a":1"#, "[]", "{} {}", #"{"proxies":[]}"#, #"{"proxies":{"default":1}} x"#, "{'a':1}", "{\"a\":tru}",
            "{\"a\":\"\n\"}",
        ])
    func faulty(text: String) throws {
        let machine = try Machine()
        try machine.write(text, to: "home/.docker/config.json")
        let before = machine.all()
        #expect(throws: SetupError.self) { try machine.machine.apply(.docker, for: Self.proxy) }
        #expect(machine.all() == before)
        #expect(throws: SetupError.self) { try machine.machine.undo(.docker) }
    }

    @Test("What can't be set from here says why, and changes nothing", arguments: [SetupTarget.kde, .macos, .windows])
    func elsewhere(target: SetupTarget) throws {
        let machine = try Machine()
        let before = machine.all()
        #expect(throws: SetupError.self) { try machine.machine.apply(target, for: Self.proxy) }
        #expect(machine.all() == before)
        #expect(throws: SetupError.self) { try SetupMachine(environment: [:]).apply(.git, for: Self.proxy) }
    }

    @Test("Every place has steps with the proxy's address in them, the same as the page has")
    func steps() throws {
        for target in SetupTarget.allCases {
            let text = SetupCommand.text(of: [target], for: try Authority("[2001:db8::1]:8080"))
            #expect(text.hasPrefix("\(target.title) (\(target.rawValue))\n\n  "))
            #expect(text.contains("2001:db8::1") && text.contains("8080"), "\(target)")
        }
    }
}
