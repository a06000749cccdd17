import Addressing
import EventLoop
import Glibc
import Synchronization

/// One end of a TCP connection in a test's hands: each call waits for what it needs, ten seconds at most.
final class Connection: Sendable {
    /// How a peer's bytes came to their end.
    enum End: Hashable {
        case fin
        case reset
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let descriptor: CInt
    private let isOpen = Mutex(true)

    static let patience: CInt = 10_000

    init(owning descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor.take()
        Socket.setNoDelay(self.descriptor)
    }

    convenience init(to endpoint: Endpoint) throws {
        let socket = try Socket.make(for: endpoint.address)
        if try !Socket.connect(socket.raw, to: endpoint) {
            try Self.wait(for: POLLOUT, on: socket.raw, "connect")
            if let error = Socket.pendingError(of: socket.raw) { throw error }
        }
        self.init(owning: socket)
    }

    deinit {
        close()
    }

    var local: Endpoint { Socket.localEndpoint(of: descriptor) }

    /// The other end; nil once the connection has ended.
    var peer: Endpoint? {
        var bytes = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = withUnsafeMutablePointer(to: &bytes) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        return status == 0 ? withUnsafeBytes(of: bytes) { Endpoint(socketAddress: $0) } : nil
    }

    // MARK: - Sending

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch rest.withUnsafeBytes({ Socket.send(descriptor, $0) }) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try Self.wait(for: POLLOUT, on: descriptor, "send")
            case .failed(let error): throw error
            }
        }
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends what the kernel takes at once.
    ///
    /// - Returns: how many bytes that were.
    func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
        switch bytes.withUnsafeBytes({ Socket.send(descriptor, $0) }) {
        case .bytes(let count): return count
        case .wouldBlock: return 0
        case .failed(let error): throw error
        }
    }

    // MARK: - Receiving

    /// Exactly `count` bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard try receiveSome(into: &bytes, atMost: count - bytes.count) == nil else {
                throw Failure(description: "ended after \(bytes.count) of \(count) bytes")
            }
        }
        return bytes
    }

    /// All bytes up to the end, and the end.
    func receiveToEnd() throws -> (bytes: [UInt8], end: End) {
        var bytes: [UInt8] = []
        while true {
            if let end = try receiveSome(into: &bytes, atMost: 64 * 1024) { return (bytes, end) }
        }
    }

    /// Throws away what is there, of which there must be something: bytes or the end.
    func receiveAvailable() throws -> End? {
        var bytes: [UInt8] = []
        return try receiveSome(into: &bytes, atMost: 64 * 1024)
    }

    /// Waits until the peer has ended, and throws away what came before.
    func end() throws -> End {
        try receiveToEnd().end
    }

    /// An HTTP head with its empty line, and no byte after it.
    func receiveHead() throws -> String {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes += try receive(1) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes or an end wait to be read.
    var hasNews: Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    // MARK: - Ending

    func halfClose() {
        Socket.shutDownWriting(descriptor)
    }

    func close() {
        let mustClose = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if mustClose { _ = Glibc.close(descriptor) }
    }

    func reset() {
        Socket.resetOnClose(descriptor)
        close()
    }

    // MARK: - Private

    /// Waits for bytes and appends them; the end if there are none any more.
    private func receiveSome(into bytes: inout [UInt8], atMost count: Int) throws -> End? {
        while true {
            var end: End?
            let room = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                filled = 0
                switch Socket.receive(descriptor, into: UnsafeMutableRawBufferPointer(room)) {
                case .bytes(let count): filled = count
                case .end: end = .fin
                case .wouldBlock: break
                case .failed: end = .reset
                }
            }
            bytes += room
            if end != nil || !room.isEmpty { return end }
            try Self.wait(for: POLLIN, on: descriptor, "receive")
        }
    }

    static func wait(for events: Int32, on descriptor: CInt, _ what: String) throws {
        var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard poll(&watched, 1, patience) > 0 else { throw Failure(description: "\(what): nothing happened in time") }
    }
}
