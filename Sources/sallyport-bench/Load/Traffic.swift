import Addressing
import EventLoop
import Glibc

/// The load's own loop and all that lives on it: clients, origins, the name server. Confined to the loop.
final class Traffic {
    let loop: EventLoop
    var count = LoadCount()
    /// Of those who are there beside the others.
    private var company = LoadCount()
    /// Connections that the origins have open.
    var originConnections = 0
    /// What is sent in bulk: of no particular content.
    let payload: UnsafeRawBufferPointer

    private var origins: [OriginListener] = []
    private var clients: [LoadClient] = []
    private var nameServer: NameServer?
    private var datagramEcho: DatagramEcho?
    private var number: UInt64 = 0
    private var sources: UInt32 = 0
    /// Whether clients begin anew.
    private(set) var isUnderWay = false

    static let payloadBytes = 256 * 1024
    /// So many errors end a load: whatever goes on is no measurement.
    private static let mostErrors = 1000
    /// From 127.2.0.0 on.
    private static let mostSources: UInt32 = 1 << 22

    init(on loop: EventLoop) {
        self.loop = loop
        let payload = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.payloadBytes, alignment: 4096)
        for index in payload.indices { payload[index] = UInt8(truncatingIfNeeded: index &* 31) }
        self.payload = UnsafeRawBufferPointer(payload)
    }

    /// Opens the name server.
    func startNameServer() throws(Errno) -> Endpoint {
        if let nameServer { return nameServer.endpoint }
        let server = try NameServer(on: loop)
        nameServer = server
        return server.endpoint
    }

    /// Opens the origins.
    func listen() throws(Errno) -> Origins {
        var ports: [OriginRole: Port] = [:]
        for role in OriginRole.allCases {
            let listener = try OriginListener(role, on: self)
            ports[role] = listener.port
            origins.append(listener)
        }
        let echo = try DatagramEcho(on: loop)
        datagramEcho = echo
        return Origins(ports: ports, datagrams: echo.endpoint)
    }

    // MARK: - A load

    /// Adds clients to those that are at work.
    func add(_ plan: LoadPlan) {
        isUnderWay = true
        for _ in 0..<plan.clients {
            let client =
                switch plan.exchange {
                case .request: RequestClient(plan, self) as LoadClient
                case .datagrams: DatagramClient(plan, self)
                default: TunnelClient(plan, self)
                }
            clients.append(client)
            client.open()
        }
    }

    /// The count that a plan's clients belong to.
    subscript(plan: LoadPlan) -> LoadCount {
        get { plan.isCompany ? company : count }
        _modify { if plan.isCompany { yield &company } else { yield &count } }
    }

    /// What was done since the last call.
    func takeCount() -> (count: LoadCount, company: LoadCount) {
        defer { (count, company) = (LoadCount(), LoadCount()) }
        return (count, company)
    }

    func end() {
        isUnderWay = false
        for client in clients {
            loop.stopTimer(of: client)
            client.close()
        }
        clients = []
    }

    /// A number that no destination of this run has had before.
    func nextNumber() -> UInt64 {
        number += 1
        return number
    }

    /// A loopback address that few connections of this run have had before.
    func nextSource() -> IPAddress {
        sources = (sources + 1) % Self.mostSources
        return IPAddress(v4: 0x7F02_0000 + sources)
    }

    /// A share of an interval, another for each call.
    func nextShare() -> Double {
        Double(Int.random(in: 0..<1000)) / 1000
    }

    /// Payload that arrived at an origin.
    func arrived(_ bytes: Int) {
        count.bytes += UInt64(bytes)
    }

    /// - Parameter plan: of the client that failed; nil for an origin.
    func failed(_ why: String, _ plan: LoadPlan? = nil) {
        if let plan { self[plan].failed(why) } else { count.failed(why) }
        if count.errors + company.errors >= Self.mostErrors { end() }
    }
}
