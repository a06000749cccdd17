import Addressing
import Testing

@testable import Proxy

@Suite("Listeners behind load balancers")
struct BalancerTests {
    private static func proxy(_ networks: [String], policy: String = "default allow\n") throws -> RunningProxy {
        let balancers = networks.compactMap { IPPrefix($0) }
        return try RunningProxy(policy: policy) { configuration in
            configuration.listeners = [
                Configuration.Listener(Endpoint(.loopbackV4, Port(0)), balancers: balancers)
            ]
        }
    }

    private static let text = Array("PROXY TCP4 192.0.2.9 192.0.2.1 4711 3128\r\n".utf8)
    /// The same in version 2.
    private static let binary: [UInt8] =
        [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0, 12]
        + [192, 0, 2, 9, 192, 0, 2, 1, 0x12, 0x67, 0x0c, 0x38]

    @Test("The client that the header tells of is judged and recorded, with the balancer", arguments: [text, binary])
    func told(header: [UInt8]) throws {
        let proxy = try Self.proxy(
            ["127.0.0.0/8"], policy: "net there 192.0.2.0/24\nallow to loopback from net:there\ndefault deny\n")
        let origin = try Origin()
        let client = try proxy.connect()
        let request = Array("CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n".utf8)
        // Split everywhere is the parser's business; here the header comes in two parts, the second with the request.
        try client.send(Array(header.prefix(7)))
        try client.send(Array(header.dropFirst(7)) + request)
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 200"))
        let own = client.local
        client.close()
        try origin.accept().close()
        let record = try #require(try proxy.finish().first)
        #expect(record.client == "192.0.2.9" && record.clientPort == 4711)
        #expect(record.peer == "\(own)")
    }

    @Test("A balancer that speaks for itself is the client", arguments: ["PROXY UNKNOWN\r\n"])
    func local(header: String) throws {
        let proxy = try Self.proxy(["127.0.0.1"])
        let origin = try Origin()
        let client = try proxy.connect()
        try client.send("\(header)CONNECT \(origin.endpoint) HTTP/1.1\r\nHost: \(origin.endpoint)\r\n\r\n")
        #expect(try client.receiveHead().hasPrefix("HTTP/1.1 200"))
        client.close()
        try origin.accept().close()
        let record = try #require(try proxy.finish().first)
        #expect(record.client == "127.0.0.1" && record.peer == nil)
    }

    @Test("Who is none of the balancers, or sends no header, is closed on without a word, and recorded")
    func refused() throws {
        let stranger = try Self.proxy(["10.0.0.0/8"])
        let client = try stranger.connect()
        try? client.send(Self.text)
        #expect((try? client.receiveToEnd().bytes) ?? [] == [])
        #expect(try stranger.finish().map(\.ending) == ["http_request_denied proxy accept"])
        let proxy = try Self.proxy(["127.0.0.1"])
        let silent = try proxy.connect()
        try silent.send("GET http://192.0.2.1/ HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n")
        #expect(try silent.receiveToEnd().bytes == [])
        #expect(try proxy.finish().map(\.ending) == ["http_request_error proxy negotiate"])
    }
}
