import Addressing
import Dispatch
import EventLoop
import Glibc
import Proxy
import Synchronization

/// What the machine's network allows.
enum DoctorNetwork {
    /// A port that is taken is not connected to: every connection to a proxy that runs leaves its record.
    @Sendable static func ports(_ settings: Settings) -> [DoctorFinding] {
        settings.proxy.listeners.map { listener in
            do throws(Errno) {
                try Socket.checkFree(listener.endpoint)
                return .ok("port", "\(listener.endpoint) is free")
            } catch {
                return finding(listener, error, settings)
            }
        }
    }

    private static func finding(
        _ listener: Configuration.Listener, _ error: Errno, _ settings: Settings
    ) -> DoctorFinding {
        let endpoint = listener.endpoint
        switch error.rawValue {
        case EADDRINUSE where isRunning(settings):
            return .ok("port", "\(endpoint) is taken, and the proxy that runs answers at \(settings.admin!)")
        case EADDRINUSE:
            return .warn(
                "port", "\(endpoint) is taken: by a proxy that runs, or by another program",
                "ss -ltnp names the program; another --listen takes another port")
        case EADDRNOTAVAIL where listener.isOptional, EAFNOSUPPORT where listener.isOptional:
            return .warn("port", "\(endpoint): this machine has no such address", "the proxy goes without it")
        default:
            return .fail("port", "\(endpoint): \(error)", "another --listen is needed, or the right to it")
        }
    }

    private static func isRunning(_ settings: Settings) -> Bool {
        guard let place = settings.admin else { return false }
        let client = AdminClient(place: place, token: settings.adminToken, isGuessed: false)
        return (try? client.ask("GET", "/status")) != nil
    }

    @Sendable static func admin(_ settings: Settings) -> [DoctorFinding] {
        guard let place = settings.admin else { return [] }
        if place.isExposed, settings.adminToken == nil {
            return [.fail("admin", "\(place) could be reached from elsewhere", "--admin-token FILE is needed")]
        }
        if isRunning(settings) { return [.ok("admin", "a proxy answers at \(place)")] }
        switch place {
        case .port(let endpoint):
            do throws(Errno) {
                try Socket.checkFree(endpoint)
                return [.ok("admin", "\(place) is free")]
            } catch {
                return [.fail("admin", "\(place): \(error)", "another --admin is needed")]
            }
        case .local(let path):
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
            if access(folder, W_OK | X_OK) == 0 { return [.ok("admin", "\(place) can be made")] }
            return [
                .fail(
                    "admin", "\(folder): \(String(cString: strerror(errno)))", "make the folder, or give it to the user"
                )
            ]
        }
    }

    @Sendable static func ipv6(_ settings: Settings) -> [DoctorFinding] {
        do throws(Errno) {
            try Socket.checkFree(Endpoint(.loopbackV6, Port(0)))
        } catch {
            return [.warn("ipv6", "the machine has none: \(error)", "origins are reached by IPv4 alone")]
        }
        // No packet is sent: the kernel says whether it has a way there. An address of the root servers.
        guard let far = IPAddress("2001:500:2::c"), Socket.hasRoute(to: Endpoint(far, Port(53))) else {
            return [.warn("ipv6", "there is no way out by IPv6", "origins are reached by IPv4 alone")]
        }
        return [.ok("ipv6", "there is a way out")]
    }

    @Sendable static func resolver(_ settings: Settings) -> [DoctorFinding] {
        let name = "example.com"
        do {
            let resolver = try RunCommand(settings: settings).makeResolver()
            let answer = Mutex<Resolution?>(nil)
            let done = DispatchSemaphore(value: 0)
            guard let host = try? HostName(name) else { return [] }
            let start = Instant.now()
            resolver.resolve(host) { resolution in
                answer.withLock { $0 = resolution }
                done.signal()
            }
            _ = done.wait(timeout: .now() + .seconds(11))
            let milliseconds = Instant.now().microseconds(since: start) / 1000
            switch answer.withLock({ $0?.answer }) {
            case .addresses, .notFound: return [.ok("resolver", "answers within \(milliseconds) ms about \(name)")]
            case .failed:
                return [
                    .fail(
                        "resolver", "the name servers fail or can't be reached",
                        "look at /etc/resolv.conf, or give --resolver ADDR")
                ]
            case .timedOut, nil:
                return [
                    .fail(
                        "resolver", "the name servers are silent", "look at /etc/resolv.conf, or give --resolver ADDR")
                ]
            }
        } catch {
            return [.fail("resolver", "\(error)", "look at the limit on descriptors")]
        }
    }
}
