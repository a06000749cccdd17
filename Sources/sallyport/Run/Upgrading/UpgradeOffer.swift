import AccessLog
import Dispatch
import EventLoop
import Glibc
import Proxy

/// The running process's side of an upgrade: gives its listening sockets to a new process, hands its log over when that asks for
/// it, and drains once that serves. If the new one fails before, all goes on as it was.
///
///     command ──connects──▶ sockets, arguments ──▶ new process ──"log"──▶ diverted ──"ready"──▶ drains
///                                                      └──────── ends ────────▶ the log is taken back
final class UpgradeOffer: Sendable {
    private let socket: PacketSocket
    private let server: Server
    private let log: (writer: LogWriter, path: String)?
    private let isManaged: Bool
    private let drain: @Sendable () -> Void
    private let queue = DispatchQueue(label: "sallyport.upgrade")

    /// A policy of millions of lines is read in seconds.
    private static let patience = 300

    /// - Parameters:
    ///   - isManaged: whether a service manager keeps the process, which must not lose sight of it.
    ///   - drain: called once the new process serves.
    init(
        _ server: Server, _ log: (writer: LogWriter, path: String)?, isManaged: Bool,
        drain: @escaping @Sendable () -> Void
    ) throws(UpgradeError) {
        socket = try PacketSocket.listen(as: getpid())
        self.server = server
        self.log = log
        self.isManaged = isManaged
        self.drain = drain
    }

    /// - Returns: what takes upgrades as long as it is kept.
    func activate() -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
        source.setEventHandler {
            guard let connection = self.socket.accept() else { return }
            defer { connection.close() }
            self.serve(connection)
        }
        source.setCancelHandler { self.socket.close() }
        source.activate()
        return source
    }

    // MARK: - Private

    private func serve(_ connection: PacketSocket) {
        guard let peer = connection.peer, peer.user == 0 || peer.user == geteuid() else {
            _ = connection.send(["no", "only root and the process's own user may upgrade it"])
            return
        }
        guard !isManaged else {
            _ = connection.send(["no", "it runs under a service manager; restart it there, with a socket unit"])
            return
        }
        let sockets = server.listeningDescriptors
        guard sockets.count + 2 <= PacketSocket.mostDescriptors else {
            _ = connection.send(["no", "it has too many listeners to be handed over"])
            return
        }
        connection.wait(atMost: Self.patience)
        let arguments = Array(ProgramArguments.all.dropFirst())
        guard connection.send(["yes", folder] + arguments, [STDOUT_FILENO, STDERR_FILENO] + sockets) else { return }
        follow(connection)
    }

    /// Does what the new process asks for, until it serves or is gone.
    private func follow(_ connection: PacketSocket) {
        var isDiverted = false
        while let (words, _) = connection.receive() {
            switch words.first {
            case "log":
                do throws(LogError) {
                    try divert()
                    isDiverted = true
                    connection.send(["yes"])
                } catch {
                    connection.send(["no", "\(error)"])
                }
            case "ready":
                Sallyport.complain("process \(words.last ?? "") has taken over; this one drains")
                return drain()
            case "failed":
                Sallyport.complain("the upgrade failed: \(words.last ?? "")")
            default: break
            }
        }
        Sallyport.complain("the new process has not come to serve; this one goes on")
        if isDiverted { takeBack() }
    }

    private func divert() throws(LogError) {
        guard let log, log.path != "-" else { return }
        let path = LogWriter.divertedPath(of: log.path, process: getpid())
        let now = WallClock.microseconds()
        let head = try log.writer.divert(
            to: path,
            last: LogEvent(
                .stop, at: now, [("records", .number(UInt64(server.counts.recorded))), ("why", .text("upgrade"))]),
            first: LogEvent(.rotation, at: now, [("why", .text("upgrade")), ("from", .text(log.path))]))
        if let head { Sallyport.complain("newest seal of the log \(head)") }
        Sallyport.complain("the log goes on in \(path)")
    }

    private func takeBack() {
        guard let log, log.path != "-" else { return }
        let now = WallClock.microseconds()
        do throws(LogError) {
            let event = LogEvent(.stop, at: now, [("why", .text("upgrade failed"))])
            _ = try log.writer.divert(
                to: log.path, last: event, first: LogEvent(.rotation, at: now, [("why", .text("upgrade failed"))]))
            Sallyport.complain("the log goes on in \(log.path)")
        } catch {
            Sallyport.complain("\(error); the log stays where it is")
        }
    }

    private var folder: String {
        guard let folder = getcwd(nil, 0) else { return "/" }
        defer { free(folder) }
        return String(cString: folder)
    }
}
