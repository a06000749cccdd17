import AccessLog
import Addressing
import Testing

@testable import Proxy

@Suite("Hostile bytes in the log")
struct LogInjectionTests {
    private static let line = "\r\n{\"v\":1,\"type\":\"request\",\"seq\":1}\r\n"

    @Test("Whatever a SOCKS5 name holds, it makes one line, from which its bytes can be had back")
    func socksName() throws {
        let proxy = try RunningProxy()
        let names: [[UInt8]] = [
            Array(Self.line.utf8), Array(0..<128), Array(128...255), [0xff, 0xfe, 0x0a], [0x22, 0x5c, 0x22, 0x7d],
            Array("\u{2028}\u{202e}\u{85}\u{ef80}".utf8), Array("a.example\0.evil".utf8),
        ]
        for name in names {
            let client = try proxy.connect()
            try client.send([5, 1, 0, 5, 1, 0, 3, UInt8(name.count)] + name + [0, 80])
            #expect(try client.readAnswer(.socks5).code == 1)
            client.close()
        }
        // The file's own checks are the server's: whole lines, no control bytes, one line for each connection.
        let records = try proxy.finish()
        #expect(records.map { $0.hostRaw.map(LogText.bytes) } == names)
        #expect(records.allSatisfy { $0.host == nil && $0.outcome == "http_request_error" })
    }

    @Test("Whatever a user agent holds, it makes one line, from which its bytes can be had back")
    func userAgent() throws {
        let proxy = try RunningProxy(policy: "default deny\n")
        let agents: [[UInt8]] = [
            Array("\"}\t{\"seq\":9".utf8), Array(0x80...0xff), [0xc2, 0x85, 0xe2, 0x80, 0xa8], [0xed, 0xa0, 0x80],
            Array("\\\\n\\u000a".utf8),
        ]
        for agent in agents {
            let client = try proxy.connect()
            try client.send(
                Array("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nUser-Agent: ".utf8) + agent
                    + Array("\r\n\r\n".utf8))
            #expect(try client.readAnswer(.connect).code == 403)
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.map { $0.ua.map(LogText.bytes) } == agents)
    }

    @Test("Whatever stands in the place of a target is refused, and its bytes can be had back")
    func targets() throws {
        let proxy = try RunningProxy()
        let targets: [[UInt8]] = [
            Array("http://a.example/".utf8) + Array(0x80...0xff), Array("http://\"}{\\/ \u{2028}\u{202e}".utf8),
            Array(1...9) + [0x22, 0x7f, 0xff], [0xc3, 0x28, 0xed, 0xa0, 0x80],
        ]
        for method in ["GET", "CONNECT"] {
            for target in targets {
                let client = try proxy.connect()
                try client.send(Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
                #expect(try client.readAnswer(.connect).code == 400)
                client.close()
            }
        }
        let records = try proxy.finish()
        #expect(records.map { $0.hostRaw.map(LogText.bytes) } == targets + targets)
        #expect(records.map { $0.method ?? "" } == targets.map { _ in "GET" } + targets.map { _ in "CONNECT" })
    }

    @Test("A target that is none leaves no password in the log")
    func credentials() throws {
        let proxy = try RunningProxy()
        for line in ["GET http://ann:secret@a.example/", "CONNECT ann:secret@a.example:443"] {
            let client = try proxy.connect()
            try client.send("\(line) HTTP/1.1\r\nHost: a.example\r\n\r\n")
            #expect(try client.readAnswer(.connect).code == 400)
            client.close()
        }
        #expect(try proxy.finish().map { $0.hostRaw ?? "" } == ["http://a.example/", "a.example:443"])
    }

    @Test("A line break in a head refuses the request, and leaves one line")
    func lineBreaks() throws {
        let proxy = try RunningProxy()
        let heads = [
            "CONNECT a.example:443\(Self.line) HTTP/1.1\r\n\r\n", "GET http://a.example/\r\(Self.line)",
            "CONNECT a.example:443 HTTP/1.1\r\nUser-Agent: a\n{\"seq\":1}\r\n\r\n", "\u{7f}\(Self.line)",
            "CONNECT a\0b:443 HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT [\(Self.line)]:443 HTTP/1.1\r\n\r\n",
        ]
        for head in heads {
            let client = try proxy.connect()
            try client.send(head)
            _ = try client.end()
            client.close()
        }
        let records = try proxy.finish()
        #expect(records.count == heads.count)
        #expect(records.allSatisfy { $0.outcome == "http_request_error" })
    }

    @Test("An answer's body holds nothing of the request that HTML or a terminal would act on")
    func answers() throws {
        let proxy = try RunningProxy(policy: "default deny\n")
        for target in ["<script>:443", "a.example\u{1b}[31m:443", "\"onload=:443"] {
            let client = try proxy.connect()
            try client.send("CONNECT \(target) HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n")
            let (bytes, _) = try client.receiveToEnd()
            #expect(bytes.starts(with: "HTTP/1.1 400 ".utf8))
            #expect(!String(decoding: bytes, as: UTF8.self).contains(target.dropLast(4)))
            #expect(!bytes.contains(0x1b))
            client.close()
        }
        try proxy.finish()
    }
}
