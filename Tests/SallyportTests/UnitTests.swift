import Glibc
import Testing

@Suite("Units for systemd")
struct UnitTests {
    @Test("The service runs this program with the options that were given, in this folder")
    func service() throws {
        let folder = try TestFolder(["policy.conf": "default allow\n"])
        let result = try ChildProcess(
            ["unit", "--listen", "127.0.0.1:3128", "--policy", "policy.conf", "--block-page", "100% $page.html"],
            in: folder.path
        ).finish()
        // A page that is not there is a mistake of the command line.
        #expect(result.code == 64)
        try folder.write(Array("<p>{{reason}}</p>".utf8), to: "100% $page.html")
        let good = try ChildProcess(
            ["unit", "--listen", "127.0.0.1:3128", "--policy", "policy.conf", "--block-page", "100% $page.html"],
            in: folder.path
        ).finish()
        #expect(good.code == 0)
        let lines = good.output.split(separator: "\n").map(String.init)
        let command = try #require(lines.first { $0.hasPrefix("ExecStart=/") })
        #expect(
            command.hasSuffix(
                "/sallyport run --listen 127.0.0.1:3128 --policy policy.conf --block-page \"100%% $$page.html\""
                    + " --log /var/log/sallyport/access.log"), "\(command)")
        for line in [
            "Type=notify-reload", "DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes",
            "MemoryDenyWriteExecute=yes", "CapabilityBoundingSet=", "WorkingDirectory=\(folder.path)",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test("A low port is bound by the one capability for that")
    func lowPort() throws {
        let result = try ChildProcess(["unit", "--listen", "0.0.0.0:80"]).finish()
        #expect(result.output.contains("\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"))
        #expect(result.output.contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"))
        #expect(!result.output.contains("PrivateUsers=yes"))
    }

    @Test("The socket unit names each listener; a free port can't be named")
    func sockets() throws {
        let result = try ChildProcess(["unit", "--socket", "--listen", "127.0.0.1:3128", "--listen", "[::1]:3128"])
            .finish()
        #expect(result.output.contains("\nListenStream=127.0.0.1:3128\nListenStream=[::1]:3128\n"))
        #expect(try ChildProcess(["unit", "--socket", "--listen", "127.0.0.1:0"]).finish().code == 1)
        #expect(try ChildProcess(["unit", "--user", "nobody"]).finish().code == 1)
    }

    @Test("systemd finds nothing wrong with them", .enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0))
    func verified() throws {
        let folder = try TestFolder([:])
        let service = try ChildProcess(["unit"]).finish().output
        let socket = try ChildProcess(["unit", "--socket"]).finish().output
        try folder.write(Array(service.utf8), to: "sallyport.service")
        try folder.write(Array(socket.utf8), to: "sallyport.socket")
        let checker = ["/usr/bin/systemd-analyze", "verify", folder["sallyport.service"], folder["sallyport.socket"]]
        // The words behind are the program's own, which the shell drops.
        let result = try ChildProcess([], under: ["/bin/sh", "-c", checker.joined(separator: " "), "sh"]).finish()
        #expect(result.code == 0, "\(result.complaints)")
        let others = result.complaints.filter { !$0.contains("ignoring: notify-reload") }
        #expect(others == [])
    }
}
