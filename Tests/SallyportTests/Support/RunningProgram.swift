import Glibc

/// `sallyport run` on a free port of the loopback, with a folder of its own.
final class RunningProgram: Sendable {
    let folder: TestFolder
    let process: ChildProcess
    let port: UInt16

    /// - Parameter policy: the text of `policy.conf`.
    convenience init(
        policy: String = "default allow\n", _ options: [String] = [], log: String? = nil, descriptors: Int? = nil
    ) throws {
        try self.init(
            in: try TestFolder(["policy.conf": policy]), options, log: log, descriptors: descriptors)
    }

    /// - Parameters:
    ///   - folder: where `policy.conf` is, and the log if it isn't said where else.
    ///   - wrapper: see `ChildProcess`.
    convenience init(
        in folder: TestFolder, _ options: [String] = [], log: String? = nil, descriptors: Int? = nil,
        under wrapper: [String] = []
    ) throws {
        try self.init(
            in: folder, flags: ["--listen", "127.0.0.1:0"] + options, log: log, descriptors: descriptors,
            under: wrapper)
    }

    /// - Parameter flags: all that it is told, but for its policy, its log and the number of its workers.
    init(
        in folder: TestFolder, flags: [String], log: String? = nil, descriptors: Int? = nil,
        under wrapper: [String] = [],
        surroundings: [String] = [], passed: [CInt] = []
    ) throws {
        self.folder = folder
        let own = ["--policy", folder["policy.conf"], "--log", log ?? folder["access.log"], "--workers", "1"]
        process = try ChildProcess(
            own + flags, descriptors: descriptors, under: wrapper, surroundings: surroundings, passed: passed)
        let line = try process.nextComplaint()
        let prefix = "sallyport: listening on 127.0.0.1:"
        guard line.hasPrefix(prefix), let port = UInt16(line.dropFirst(prefix.count)) else {
            throw ChildProcess.Failure(description: line)
        }
        self.port = port
    }

    func connect() throws -> Client {
        try Client(port: port)
    }

    /// A tunnel to `origin`, opened.
    func tunnel(to origin: LoopbackListener) throws -> (client: Client, origin: Client) {
        let client = try connect()
        try client.send("CONNECT 127.0.0.1:\(origin.port) HTTP/1.1\r\nHost: 127.0.0.1:\(origin.port)\r\n\r\n")
        let answer = "HTTP/1.1 200 Connection established\r\n\r\n"
        guard try client.receive(answer.utf8.count) == answer else {
            throw ChildProcess.Failure(description: "no tunnel was opened")
        }
        return (client, try origin.accept())
    }

    /// The records of requests in the log.
    var records: [String] {
        folder.lines(of: "access.log").filter { $0.contains("\"type\":\"request\"") }
    }

    /// Asks until `condition` holds: another process has no event for that.
    func wait(_ what: String, until condition: () throws -> Bool) throws {
        for _ in 0..<10_000 {
            if try condition() { return }
            poll(nil, 0, 1)
        }
        throw ChildProcess.Failure(description: "\(what): not in time")
    }
}
