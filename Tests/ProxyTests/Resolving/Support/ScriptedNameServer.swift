import Addressing
import Dispatch
import Glibc
import Synchronization

@testable import EventLoop

/// A name server on the loopback, UDP and TCP on one port, that says what a test has it say.
final class ScriptedNameServer: Sendable {
    /// What is sent back.
    enum Reply: Sendable {
        case answer(DNSAnswer)
        case bytes([UInt8])
        /// From another port than was asked.
        case fromElsewhere(DNSAnswer)
    }

    /// A question that waits for the test to answer it.
    struct Held: Sendable {
        let question: DNSQuestion
        fileprivate let asker: Endpoint
    }

    typealias Script = @Sendable (DNSQuestion) -> [Reply]

    let endpoint: Endpoint
    private let datagrams: FileDescriptor
    private let listener: FileDescriptor
    private let elsewhere: FileDescriptor
    private let script: Mutex<Script>
    private let questions = Mutex<[DNSQuestion]>([])
    private let held = Mutex<[Held]>([])
    private let isHeld = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter script: gives nothing for a question that is to be held.
    init(_ script: @escaping Script = { _ in [] }) throws {
        while true {
            let listener = try Socket.listen(on: Endpoint(.loopbackV4, Port(0)))
            let endpoint = Socket.localEndpoint(of: listener.raw)
            guard let datagrams = try? Self.bound(to: endpoint) else { continue }
            self.listener = listener
            self.datagrams = datagrams
            self.endpoint = endpoint
            break
        }
        elsewhere = try Self.bound(to: Endpoint(.loopbackV4, Port(0)))
        self.script = Mutex(script)
        Thread.start { [self] in serve() }
    }

    /// A server that has `addresses` for every name.
    convenience init(of addresses: [IPAddress], ttl: UInt32 = 300) throws {
        try self.init { [.answer(.addresses(addresses, to: $0, ttl: ttl))] }
    }

    /// Ends the serving thread, which holds the object until then.
    func stop() {
        send([0], to: Socket.localEndpoint(of: elsewhere.raw), from: datagrams.raw)
        ended.wait()
    }

    /// A port where there was a name server.
    static func gone() throws -> Endpoint {
        let server = try ScriptedNameServer()
        server.stop()
        return server.endpoint
    }

    /// What was asked, in order.
    var asked: [DNSQuestion] { questions.withLock { $0 } }

    /// From now on.
    func follow(_ script: @escaping Script) {
        self.script.withLock { $0 = script }
    }

    /// Waits for a question that the script gives no answer to.
    func nextHeld() throws -> Held {
        guard isHeld.wait(timeout: .now() + 10) == .success else { throw Failure.nothingAsked }
        return held.withLock { $0.removeFirst() }
    }

    func answer(_ held: Held, _ answer: DNSAnswer) {
        send(answer.message(to: held.question), to: held.asker, from: datagrams.raw)
    }

    enum Failure: Error {
        case nothingAsked
    }

    // MARK: - Private

    private func serve() {
        var room = [UInt8](repeating: 0, count: 4096)
        while true {
            var watched = [
                pollfd(fd: datagrams.raw, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0),
                // Nobody else writes there.
                pollfd(fd: elsewhere.raw, events: Int16(POLLIN), revents: 0),
            ]
            poll(&watched, 3, -1)
            if watched[2].revents != 0 { break }
            if watched[0].revents != 0 { serveDatagram(&room) }
            if watched[1].revents != 0 { serveStream(&room) }
        }
        ended.signal()
    }

    private func serveDatagram(_ room: inout [UInt8]) {
        var sender = SocketAddress()
        let count = sender.withMutablePointer { recvfrom(datagrams.raw, &room, room.count, 0, $0, $1) }
        guard count > 12 else { return }
        let question = note(Array(room[..<count]), isStream: false)
        let replies = script.withLock { $0 }(question)
        if replies.isEmpty {
            held.withLock { $0.append(Held(question: question, asker: sender.endpoint)) }
            isHeld.signal()
        }
        for reply in replies {
            switch reply {
            case .answer(let answer): send(answer.message(to: question), to: sender.endpoint, from: datagrams.raw)
            case .bytes(let bytes): send(bytes, to: sender.endpoint, from: datagrams.raw)
            case .fromElsewhere(let answer):
                send(answer.message(to: question), to: sender.endpoint, from: elsewhere.raw)
            }
        }
    }

    /// One question of a connection, which is closed after the answer.
    private func serveStream(_ room: inout [UInt8]) {
        let raw = Glibc.accept(listener.raw, nil, nil)
        guard raw >= 0 else { return }
        let connection = FileDescriptor(owning: raw)
        guard recv(connection.raw, &room, 2, CInt(MSG_WAITALL)) == 2 else { return }
        let length = Int(room[0]) << 8 | Int(room[1])
        guard recv(connection.raw, &room, length, CInt(MSG_WAITALL)) == length else { return }
        let question = note(Array(room[..<length]), isStream: true)
        for case .answer(let answer) in script.withLock({ $0 })(question) {
            let message = answer.message(to: question)
            let bytes = [UInt8(message.count >> 8), UInt8(message.count & 0xff)] + message
            // In two pieces, as any stream may come.
            _ = Glibc.send(connection.raw, bytes, 1, CInt(MSG_NOSIGNAL))
            _ = Array(bytes.dropFirst()).withUnsafeBytes {
                Glibc.send(connection.raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
        }
    }

    private func note(_ message: [UInt8], isStream: Bool) -> DNSQuestion {
        let question = DNSQuestion(message: message, isStream: isStream)
        questions.withLock { $0.append(question) }
        return question
    }

    private func send(_ bytes: [UInt8], to asker: Endpoint, from descriptor: CInt) {
        _ = SocketAddress(asker).withPointer { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
    }

    private static func bound(to endpoint: Endpoint) throws(Errno) -> FileDescriptor {
        let raw = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        guard SocketAddress(endpoint).withPointer({ Glibc.bind(raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }
}

/// A thread that may block, apart from the pools that others need.
private enum Thread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "sallyport.test.names").async(execute: body)
    }
}
