import Addressing
import Dispatch
import EventLoop
import Glibc

/// A server on the loopback that answers each request with one word, on a queue of its own, until it is closed.
final class DoctorOrigin: Sendable {
    let endpoint: Endpoint
    /// What it answers: nobody else would.
    let word = "sallyport-\(UInt64.random(in: .min ... .max))"
    private let listener: CInt

    init() throws(Errno) {
        let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)), backlog: 16)
        endpoint = Socket.localEndpoint(of: listener.raw)
        self.listener = listener.take()
        let (descriptor, word) = (self.listener, word)
        DispatchQueue(label: "sallyport.doctor").async { Self.serve(descriptor, word) }
    }

    /// Ends the service, which closes the listener.
    func close() {
        shutdown(listener, CInt(SHUT_RDWR))
    }

    /// Exactly `count` bytes.
    static func read(_ count: Int, _ descriptor: CInt) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, count, CInt(MSG_WAITALL))
        if received < 0 { throw Errno(rawValue: errno) }
        guard received == count else { throw .connectionReset }
        return bytes
    }

    static func readToEnd(_ descriptor: CInt) throws(Errno) -> [UInt8] {
        var all: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while all.count < 1 << 16 {
            let count = recv(descriptor, &room, room.count, 0)
            if count < 0 { throw Errno(rawValue: errno) }
            if count == 0 { break }
            all += room[..<count]
        }
        return all
    }

    // MARK: - Private

    private static func serve(_ listener: CInt, _ word: String) {
        defer { _ = FileDescriptor(owning: listener) }
        let answer = Array(
            "HTTP/1.1 200 OK\r\nContent-Length: \(word.utf8.count)\r\nConnection: close\r\n\r\n\(word)".utf8)
        while true {
            var watched = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 30_000) > 0 else { return }
            let client = accept(listener, nil, nil)
            if client < 0 {
                if errno == EINTR || errno == EAGAIN || errno == ECONNABORTED { continue }
                return
            }
            let owner = FileDescriptor(owning: client)
            var head: [UInt8] = []
            while head.count < 16_384, !head.suffix(4).elementsEqual([0x0d, 0x0a, 0x0d, 0x0a]) {
                guard let byte = try? read(1, owner.raw) else { break }
                head += byte
            }
            _ = send(owner.raw, answer, answer.count, CInt(MSG_NOSIGNAL))
            shutdown(owner.raw, CInt(SHUT_WR))
            _ = try? readToEnd(owner.raw)
        }
    }
}
