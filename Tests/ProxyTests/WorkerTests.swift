import Addressing
import EventLoop
import Synchronization
import Testing

@testable import Proxy

@Suite("Workers and listeners")
struct WorkerTests {
    @Test("Connections are shared among the workers, all served and all recorded")
    func sharing() throws {
        let proxy = try RunningProxy { $0.workers = 4 }
        let listening = try Origin()
        var tunnels: [(client: Connection, origin: Connection)] = []
        for number in 0..<40 {
            let (client, origin) = try proxy.tunnel(number % 2 == 0 ? .connect : .socks5, to: listening)
            tunnels.append((client, origin))
        }
        // While all are open no worker has many more than its share.
        let open = try proxy.server.workers.map { try $0.mailbox.ask { $0.tally.open } }
        #expect(open.reduce(0, +) == 40)
        #expect(open.allSatisfy { (5...16).contains($0) }, "\(open)")
        for (number, tunnel) in tunnels.enumerated() {
            try tunnel.client.send("\(number)")
            #expect(try tunnel.origin.receive("\(number)".utf8.count) == Array("\(number)".utf8))
            tunnel.client.close()
            tunnel.origin.close()
        }
        let records = try proxy.finish()
        #expect(records.count == 40)
        #expect(Set(records.map(\.worker)) == [0, 1, 2, 3])
        for record in records { #expect(record.conn.split(separator: "-")[1] == "\(record.worker)") }
    }

    @Test("Many clients at once, from several threads, are all served and recorded")
    func manyAtOnce() throws {
        let proxy = try RunningProxy { $0.workers = 2 }
        let listening = try Origin()
        let clients = 4
        let rounds = 15
        let serving = Background {
            for _ in 0..<clients * rounds {
                let origin = try listening.accept()
                try origin.send(try origin.receive(4))
                origin.close()
            }
        }
        let asking = (0..<clients).map { number in
            Background {
                for round in 0..<rounds {
                    let client = try proxy.connect()
                    let way: Way = (number + round) % 2 == 0 ? .connect : .socks5
                    let told = try client.ask(way, for: "127.0.0.1", listening.port, with: Array("ping".utf8))
                    guard told == way.success, try client.receiveToEnd().bytes == Array("ping".utf8) else {
                        throw Connection.Failure(description: "not served")
                    }
                }
            }
        }
        for client in asking { try client.wait() }
        try serving.wait()
        let records = try proxy.finish()
        #expect(records.count == clients * rounds)
        #expect(records.allSatisfy { $0.outcome == "ok" && $0.up == 4 && $0.down == 4 })
    }

    @Test("Each record names the listener to which its client had connected")
    func listeners() throws {
        let proxy = try RunningProxy(policy: "default deny\n") {
            $0.listeners = [
                Configuration.Listener(Endpoint(.loopbackV4, Port(0))),
                Configuration.Listener(Endpoint(.loopbackV6, Port(0))),
            ]
        }
        #expect(proxy.server.endpoints.map(\.address) == [.loopbackV4, .loopbackV6])
        for endpoint in proxy.server.endpoints {
            let client = try Connection(to: endpoint)
            #expect(try client.ask(.connect, for: "a.example", Port(443)) == 403)
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.map(\.listener) == proxy.server.endpoints.map(\.description))
        #expect(records.map(\.client) == ["127.0.0.1", "::1"])
    }

    @Test(
        "A listener that can't be bound is an error that names it; an optional one whose address is absent is skipped")
    func startErrors() throws {
        let taken = try Origin()
        #expect(throws: StartError.listen(taken.endpoint, Errno(rawValue: 98))) {
            _ = try RunningProxy { $0.listeners = [Configuration.Listener(taken.endpoint)] }
        }
        let absent = Endpoint(IPAddress(192, 0, 2, 1), Port(0))
        #expect(throws: StartError.listen(absent, Errno(rawValue: 99))) {
            _ = try RunningProxy { $0.listeners = [Configuration.Listener(absent)] }
        }
        let bound = try BoundListeners([
            Configuration.Listener(Endpoint(.loopbackV4, Port(0))), Configuration.Listener(absent, isOptional: true),
        ])
        #expect(bound.skipped == [absent])
        #expect(bound.endpoints.map(\.address) == [.loopbackV4])
        #expect(
            "\(StartError.listen(absent, Errno(rawValue: 99)))"
                == "can't listen on 192.0.2.1:0: Cannot assign requested address")
    }

    @Test("A user agent that many requests have in common is kept once")
    func recentTexts() {
        var texts = RecentTexts()
        let first = texts.shared(Array("browser/1".utf8))
        let second = texts.shared(Array("browser/1".utf8))
        #expect(first.withUnsafeBufferPointer(\.baseAddress) == second.withUnsafeBufferPointer(\.baseAddress))
        for number in 0..<16 { _ = texts.shared(Array("other/\(number)".utf8)) }
        let third = texts.shared(Array("browser/1".utf8))
        #expect(third == first)
        #expect(third.withUnsafeBufferPointer(\.baseAddress) != first.withUnsafeBufferPointer(\.baseAddress))
        #expect(texts.shared([]) == [])
    }
}
