import EventLoop
import Wire

/// A client of the operators' interface: one request, one answer, the end.
///
///     reading ──whole request──▶ answering ──all is taken──▶ lingering ──the client has closed──▶ over
final class AdminConnection: EventHandler, AdminOutlet {
    private enum Phase {
        case reading
        /// Bytes are on their way; a stream has more.
        case answering(AdminStream?)
        /// Everything was sent; what the client still says is thrown away.
        case lingering
        case over
    }

    private unowned let desk: AdminDesk
    private var client: Leg
    /// Whether the client is on this machine.
    private let isNear: Bool
    private var phase = Phase.reading
    private var input: [UInt8] = []
    private var scanner = HTTP1.HeadScanner(.request)
    private var head: HTTP1.RequestHead?
    private var held: [UInt8] = []
    private var isChunked = false
    private var isHeadOnly = false
    private var isEnded = false

    /// For a request, for each part of an answer to be taken, and for the client to close.
    static let patience = Duration.seconds(10)
    static let maxHeldBytes = 4 << 20
    /// Reads in one go; then others have their turn.
    private static let budget = 16

    init(_ descriptor: consuming FileDescriptor, isNear: Bool, at desk: AdminDesk) throws(Errno) {
        self.desk = desk
        self.isNear = isNear
        client = Leg(descriptor: descriptor.raw, registration: Registration.none)
        super.init()
        client = Leg(descriptor: descriptor.raw, registration: try desk.loop.register(descriptor.raw, for: self))
        _ = descriptor.take()
        desk.timers.start(self)
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        client.note(readiness)
        switch phase {
        case .reading, .lingering: read()
        case .answering:
            // Nobody who has said all hears of a client's end but by reading.
            read()
            flush()
        case .over: break
        }
    }

    override func deadlinePassed() {
        close()
    }

    /// Refuses whatever is asked.
    func refuse(_ refusal: AdminRefusal) {
        answer(AdminContent(refusal))
    }

    // MARK: - The request

    private func read() {
        for _ in 0..<Self.budget {
            guard client.canRead else { return }
            if case .over = phase { return }
            switch Socket.receive(client.descriptor, into: desk.loop.scratch) {
            case .bytes(let count):
                client.received(count, of: desk.loop.scratch.count)
                guard case .reading = phase else { continue }
                input.append(contentsOf: desk.loop.scratch[..<count])
                take()
            case .wouldBlock: client.receivedNothing()
            case .end:
                client.receivedNothing()
                // One that has sent its request may end its side at once, unless it is to listen for long.
                if case .answering(let stream) = phase, stream?.isLasting != true { return }
                return close()
            case .failed: return close()
            }
        }
        desk.loop.again(self)
    }

    private func take() {
        do throws(AdminRefusal) {
            guard let head = try wholeHead() else { return }
            guard input.count - head.length >= (try AdminRequest.bodyBytes(head)) else { return }
            isHeadOnly = head.method == .head
            let request = try AdminRequest(head, Array(input[..<(head.length + AdminRequest.bodyBytes(head))]))
            switch try desk.answer(request, isNear: isNear) {
            case .whole(let content): answer(content)
            case .stream(let type, let stream): begin(stream, type, isHTTP11: request.isHTTP11)
            }
        } catch {
            refuse(error)
        }
    }

    private func wholeHead() throws(AdminRefusal) -> HTTP1.RequestHead? {
        if let head { return head }
        let input = input
        do throws(HTTP1.ParseError) {
            if let length = try scanner.scan(input.span), length <= AdminRequest.maxHeadBytes {
                var head = HTTP1.RequestHead()
                try head.parse(input.span)
                self.head = head
                return head
            }
        } catch {
            throw AdminRefusal(UInt16(error.status), "The request is malformed: \(error.explanation).")
        }
        guard input.count <= AdminRequest.maxHeadBytes else {
            throw AdminRefusal(431, "A head of up to \(AdminRequest.maxHeadBytes) bytes is allowed.")
        }
        return nil
    }

    // MARK: - The answer

    private func answer(_ content: AdminContent) {
        append(content.status, content.contentType, "Content-Length: \(content.body.count)\r\n" + content.fields)
        if !isHeadOnly { held += content.body }
        isEnded = true
        phase = .answering(nil)
        flush()
    }

    private func begin(_ stream: AdminStream, _ contentType: String, isHTTP11: Bool) {
        isChunked = isHTTP11
        append(200, contentType, isChunked ? "Transfer-Encoding: chunked\r\n" : "")
        phase = .answering(stream)
        if isHeadOnly {
            isChunked = false
            isEnded = true
        }
        flush()
    }

    private func append(_ status: UInt16, _ contentType: String, _ fields: String) {
        held += Array(
            ("HTTP/1.1 \(status) \(StatusCode.phrase(status))\r\nContent-Type: \(contentType)\r\n"
                + "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\(fields)\r\n")
                .utf8)
    }

    var isDrained: Bool { held.isEmpty }

    func send(_ bytes: [UInt8]) {
        guard case .answering = phase, !isEnded, !bytes.isEmpty else { return }
        guard held.count + bytes.count <= Self.maxHeldBytes else { return close() }
        // A lasting stream that is silent waits for nothing; what it sends has to be taken.
        if held.isEmpty { desk.timers.start(self) }
        if isChunked { held += Array("\(String(bytes.count, radix: 16))\r\n".utf8) }
        held += bytes
        if isChunked { held += [0x0d, 0x0a] }
        desk.loop.again(self)
    }

    func end() {
        guard case .answering = phase, !isEnded else { return }
        if isChunked { held += Array("0\r\n\r\n".utf8) }
        isEnded = true
        desk.loop.again(self)
    }

    /// A stream has sent something: what it sends in one turn goes out together. Or there is more to be read.
    override func again() {
        if case .over = phase { return }
        read()
        flush()
    }

    private func flush() {
        guard case .answering(let stream) = phase else { return }
        var sent = 0
        while sent < held.count, client.canWrite {
            switch held.withUnsafeBytes({
                Socket.send(client.descriptor, UnsafeRawBufferPointer(rebasing: $0[sent...]))
            })
            {
            case .bytes(let count): sent += count
            case .wouldBlock: client.foundNoRoom()
            case .failed: return close()
            }
        }
        if sent > 0 { desk.timers.start(self) }
        held.removeFirst(sent)
        guard held.isEmpty, sent > 0 else { return }
        if isEnded { return linger() }
        if stream?.isLasting == true { desk.loop.stopTimer(of: self) }
        stream?.ready(self)
    }

    // MARK: - The end

    private func linger() {
        leaveStream()
        phase = .lingering
        Socket.shutDownWriting(client.descriptor)
        desk.timers.start(self)
        read()
    }

    private func leaveStream() {
        guard case .answering(let stream?) = phase else { return }
        phase = .lingering
        stream.closed()
    }

    func close() {
        leaveStream()
        if case .over = phase { return }
        phase = .over
        desk.loop.stopTimer(of: self)
        desk.loop.deregister(client.registration)
        _ = FileDescriptor(owning: client.descriptor)
        desk.left()
    }
}
