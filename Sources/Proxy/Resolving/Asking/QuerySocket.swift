import Addressing
import EventLoop

/// A UDP socket connected to one name server, and the queries on it whose answers are to come. Closed when there are none.
final class QuerySocket: EventHandler, QueryExchange {
    /// Its server's index in `set`.
    let server: Int
    private let set: NameServerSet
    private unowned let client: DNSClient
    private let descriptor: FileDescriptor
    private var registration: Registration?
    /// Mostly the two of one name.
    private var queries = [UInt16: OpenQuery](minimumCapacity: 2)
    /// Messages that belong to no query.
    private var strays = 0
    /// Queries that it has carried.
    private(set) var uses = 0
    /// The turn in which it was opened.
    let opened: Instant

    /// So many wrong messages are somebody's guesses: the open queries go over TCP instead.
    private static let mostStrays = 16

    init(to server: Int, in set: NameServerSet, for client: DNSClient) throws(Errno) {
        descriptor = try Socket.datagrams(to: set.ranking[server].endpoint)
        self.server = server
        self.set = set
        self.client = client
        opened = client.loop.now
        super.init()
        registration = try client.loop.register(descriptor.raw, for: self)
    }

    /// A random id that no query on this socket has.
    func freshID(using random: inout some RandomNumberGenerator) -> UInt16 {
        while true {
            let id = UInt16.random(in: .min ... .max, using: &random)
            if queries[id] == nil { return id }
        }
    }

    /// - Throws: when it can't be sent; the socket is then as before.
    func send(_ query: consuming OpenQuery) throws(Errno) {
        uses += 1
        let bytes = query.message.bytes
        var result = bytes.withUnsafeBytes { Socket.send(descriptor.raw, $0) }
        // An error of an earlier datagram is told at the next call, whose own datagram is not sent then.
        if case .failed = result { result = bytes.withUnsafeBytes { Socket.send(descriptor.raw, $0) } }
        if case .failed(let error) = result { throw error }
        query.lookUp.sent(by: self)
        queries[query.message.id] = query
    }

    override func ready(_ readiness: Readiness, tag: UInt32) {
        let scratch = client.loop.scratch
        while registration != nil {
            switch Socket.receive(descriptor.raw, into: scratch) {
            case .bytes(let count): received(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            case .end: noteStray()
            case .wouldBlock: return
            case .failed: fail()
            }
        }
    }

    func drop(_ lookUp: PendingLookUp) {
        for (id, query) in queries where query.lookUp === lookUp { queries[id] = nil }
        closeIfIdle()
    }

    /// Ends it if no answer is to come.
    func closeIfIdle() {
        if queries.isEmpty { close() }
    }

    /// Ends it; those who wait hear nothing.
    func close() {
        guard let registration else { return }
        self.registration = nil
        queries = [:]
        client.loop.deregister(registration)
        set.closed(self)
    }

    // MARK: - Private

    private func received(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 else { return noteStray() }
        let id = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        guard let query = queries[id] else { return noteStray() }
        let message = bytes.assumingMemoryBound(to: UInt8.self).span
        let reading = query.message.read(message)
        if case .unrelated = reading { return noteStray() }
        queries[id] = nil
        client.received(reading, to: query, isStream: false)
        closeIfIdle()
    }

    private func noteStray() {
        strays += 1
        guard strays >= Self.mostStrays else { return }
        let open = queries.values
        queries = [:]
        for query in open { client.received(.truncated, to: query, isStream: false) }
        closeIfIdle()
    }

    /// Nobody listens at that address and port, or the network is gone.
    private func fail() {
        let open = queries.values
        queries = [:]
        for query in open { client.failed(query) }
        closeIfIdle()
    }
}
