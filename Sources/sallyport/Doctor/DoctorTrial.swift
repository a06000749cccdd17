import AccessLog
import Addressing
import Dispatch
import EventLoop
import Glibc
import Policy
import Proxy

/// A proxy of the doctor's own, on a free port, with an origin and a log of its own: each protocol is tried once.
enum DoctorTrial {
    /// - Returns: a finding for each protocol, and one for the log that they left.
    @Sendable static func protocols(_ settings: Settings) -> [DoctorFinding] {
        var template = Array("/tmp/sallyport-doctor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            let why = String(cString: strerror(errno))
            return [.fail("trial", "no folder can be made in /tmp: \(why)", "make room there")]
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { remove(folder) }
        do {
            return try protocols(settings, in: folder)
        } catch {
            return [.fail("trial", "the proxy can't be started: \(error)", "look at the limit on descriptors")]
        }
    }

    // MARK: - Private

    private static let files = ["policy.conf", "access.log"]

    private static func remove(_ folder: String) {
        for file in files { unlink("\(folder)/\(file)") }
        rmdir(folder)
    }

    private static func protocols(_ settings: Settings, in folder: String) throws -> [DoctorFinding] {
        let path = "\(folder)/access.log"
        try TextFile.write("allow to loopback\ndefault deny\n", to: "\(folder)/policy.conf")
        let log = try LogWriter(path: path)
        log.begin()
        var configuration = settings.proxy
        configuration.listeners = [Configuration.Listener(Endpoint(.loopbackV4, Port(0)))]
        configuration.limits = Limits()
        configuration.source = Configuration.Source()
        configuration.workers = 1
        let server = try Server(
            configuration, ruleset: try Ruleset.load(path: "\(folder)/policy.conf"), log: log,
            resolver: try RunCommand(settings: settings).makeResolver())
        server.serve()
        let origin = try DoctorOrigin()
        let findings = DoctorDialect.allCases.map { dialect in
            dialect.speak(to: server.endpoints[0], origin: origin)
        }
        origin.close()
        let stopped = DispatchSemaphore(value: 0)
        server.stop(grace: .seconds(1)) { stopped.signal() }
        stopped.wait()
        let records = server.counts.recorded
        log.submit(LogEvent(.stop, at: WallClock.microseconds()))
        let isWritten = log.close(within: .seconds(5))
        return findings + [verified(path, records, isWritten, settings)]
    }

    private static func verified(_ path: String, _ records: Int, _ isWritten: Bool, _ settings: Settings)
        -> DoctorFinding
    {
        let name = "seal"
        let result = try? LogVerifier.verify([path])
        guard isWritten, let result, result.isIntact, result.seals > 0, records == DoctorDialect.allCases.count else {
            return .fail(name, "the log of the trial does not verify", "look at the disk that /tmp is on")
        }
        return .ok(name, "\(records) requests, as many records, and their seal verifies")
    }
}

/// The ways of asking.
enum DoctorDialect: String, CaseIterable {
    case http, connect, socks4a, socks5

    /// Sends a request for the origin's page by the proxy, and looks whether that comes.
    func speak(to proxy: Endpoint, origin: DoctorOrigin) -> DoctorFinding {
        do throws(Errno) {
            let socket = try Socket.connectBlocking(to: proxy, seconds: 5)
            let page = "GET / HTTP/1.0\r\nHost: \(origin.endpoint)\r\n\r\n"
            try open(socket.raw, origin.endpoint)
            if self != .http { try send(Array(page.utf8), socket.raw) }
            let answer = String(decoding: try DoctorOrigin.readToEnd(socket.raw), as: UTF8.self)
            if answer.hasSuffix(origin.word) { return .ok(rawValue, "a request went through and was answered") }
            let line = answer.prefix { $0 != "\r\n" && $0 != "\n" }
            return .fail(rawValue, "the answer is another: \(line)", "this should not be: please report it")
        } catch {
            return .fail(rawValue, "no answer: \(error)", "is traffic on loopback filtered?")
        }
    }

    private func open(_ socket: CInt, _ origin: Endpoint) throws(Errno) {
        let port = [UInt8(origin.port.rawValue >> 8), UInt8(origin.port.rawValue & 0xff)]
        switch self {
        case .http: try send(Array("GET http://\(origin)/ HTTP/1.0\r\nHost: \(origin)\r\n\r\n".utf8), socket)
        case .connect:
            try send(Array("CONNECT \(origin) HTTP/1.1\r\nHost: \(origin)\r\n\r\n".utf8), socket)
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([0x0d, 0x0a, 0x0d, 0x0a]), head.count < 4096 {
                head += try DoctorOrigin.read(1, socket)
            }
            guard head.starts(with: Array("HTTP/1.1 200".utf8)) else { throw Errno(rawValue: EPROTO) }
        case .socks4a:
            try send([4, 1] + port + [0, 0, 0, 1, 0] + Array("localhost".utf8) + [0], socket)
            guard try DoctorOrigin.read(8, socket)[1] == 90 else { throw Errno(rawValue: EPROTO) }
        case .socks5:
            try send([5, 1, 0], socket)
            guard try DoctorOrigin.read(2, socket) == [5, 0] else { throw Errno(rawValue: EPROTO) }
            try send([5, 1, 0, 1, 127, 0, 0, 1] + port, socket)
            guard try DoctorOrigin.read(10, socket)[1] == 0 else { throw Errno(rawValue: EPROTO) }
        }
    }

    private func send(_ bytes: [UInt8], _ socket: CInt) throws(Errno) {
        guard Glibc.send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw Errno(rawValue: errno)
        }
    }
}
