import Addressing
import EventLoop
import Wire

/// A TCP connection to a name server for one query.
///
/// Spec: RFC 1035 §4.2.2, RFC 7766.
final class QueryStream: EventHandler, QueryExchange {
    private unowned let client: DNSClient
    private let descriptor: FileDescriptor
    private var registration: Registration?
    private var query: OpenQuery?
    /// What is still to be sent; then what has come.
    private var outgoing: [UInt8]
    private var incoming: [UInt8] = []

    init(_ query: OpenQuery, to server: Endpoint, for client: DNSClient) throws(Errno) {
        descriptor = try Socket.make(for: server.address)
        self.client = client
        self.query = query
        let length = query.message.bytes.count
        outgoing = [UInt8(length >> 8), UInt8(length & 0xff)] + query.message.bytes
        super.init()
        _ = try Socket.connect(descriptor.raw, to: server)
        registration = try client.loop.register(descriptor.raw, for: self)
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        if readiness.contains(.error) { return fail() }
        if readiness.contains(.writable) { send() }
        if !readiness.isDisjoint(with: [.readable, .peerClosed, .hangUp]) { receive() }
    }

    func drop(_ lookUp: PendingLookUp) {
        if query?.lookUp === lookUp { close() }
    }

    /// Ends it; whoever waits hears nothing.
    func close() {
        guard let registration else { return }
        self.registration = nil
        query = nil
        client.loop.deregister(registration)
        client.streams -= 1
    }

    // MARK: - Private

    private func send() {
        guard !outgoing.isEmpty else { return }
        switch outgoing.withUnsafeBytes({ Socket.send(descriptor.raw, $0) }) {
        case .bytes(let count): outgoing.removeFirst(count)
        case .wouldBlock: break
        case .failed: fail()
        }
    }

    private func receive() {
        let scratch = client.loop.scratch
        while let query {
            switch Socket.receive(descriptor.raw, into: scratch) {
            case .bytes(let count):
                incoming.append(contentsOf: scratch[..<count])
                let bytes = incoming
                guard case .complete(let range, _) = DNS.message(inStream: bytes.span) else { continue }
                let reading = query.message.read(bytes.span.extracting(range))
                close()
                client.received(reading, to: query, isStream: true)
            case .wouldBlock: return
            case .end, .failed: fail()
            }
        }
    }

    private func fail() {
        guard let query else { return }
        close()
        client.failed(query)
    }
}
