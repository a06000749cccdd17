import Addressing
import EventLoop
import Glibc

/// A client for single questions, which blocks, though not for long.
struct BlockingClient: ~Copyable {
    private let socket: FileDescriptor

    /// Seconds that any call may take.
    private static let patience = 5

    /// Connects.
    init(_ endpoint: Endpoint) throws(Errno) {
        socket = try Self.connected(to: endpoint)
    }

    private static func connected(to endpoint: Endpoint) throws(Errno) -> FileDescriptor {
        let socket = try Socket.make(for: endpoint.address)
        // Blocking, with a limit for each call.
        _ = fcntl(socket.raw, F_SETFL, 0)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket.raw, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard try Socket.connect(socket.raw, to: endpoint) else { throw .timedOut }
        return socket
    }

    /// Sends all of `bytes`.
    func send(_ bytes: [UInt8]) throws(BenchError) {
        guard case .bytes(bytes.count) = bytes.withUnsafeBytes({ Socket.send(socket.raw, $0) }) else {
            throw BenchError("the proxy doesn't read")
        }
    }

    /// What comes next: at least a byte.
    func receive() throws(BenchError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        switch bytes.withUnsafeMutableBytes({ Socket.receive(socket.raw, into: $0) }) {
        case .bytes(let count): return Array(bytes[..<count])
        case .end: throw BenchError("closed by the proxy")
        case .wouldBlock: throw BenchError("the proxy is silent")
        case .failed(let error): throw BenchError("receive: \(error)")
        }
    }

    /// Asks for a tunnel.
    ///
    /// - Returns: nil when it opened, otherwise the code with which it was refused.
    func negotiate(_ dialect: Dialect, to destination: Destination) throws(BenchError) -> Int? {
        var received: [UInt8] = []
        for (step, message) in dialect.messages(to: destination, number: 0).enumerated() {
            try send(message)
            reply: while true {
                received += try receive()
                switch dialect.reply(to: step, received) {
                case .incomplete: continue reply
                case .accepted(let length):
                    received.removeFirst(length)
                    break reply
                case .refused(let code): return code
                case .nonsense: throw BenchError("the proxy's reply is no \(dialect) reply")
                }
            }
        }
        return nil
    }
}
