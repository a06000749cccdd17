import Addressing
import Testing

@testable import Proxy

@Suite("The automatic configuration")
struct AutomaticConfigurationTests {
    @Test("What is bypassed and what stands behind the proxy is read strictly, and put into normal form")
    func reading() {
        for text in ["Corp.Example", "*.corp.example", ".corp.example", "corp.example."] {
            #expect(AutomaticConfiguration.Bypass(text) == .name(try! HostName("corp.example")))
        }
        for text in ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"] {
            #expect(AutomaticConfiguration.Bypass(text) == .network(IPPrefix(text)!))
        }
        for text in [
            "", ".", "*", "10.0.0.1/8", "a b", "a\"b", "a;b", "http://a", "a:80", "b\u{fc}cher.example", "1.2.3",
        ] {
            #expect(AutomaticConfiguration.Bypass(text) == nil, "\(text)")
        }
        for (text, normal) in [
            ("DIRECT", "DIRECT"), ("PROXY P2.Example.:3128", "PROXY p2.example:3128"),
            ("SOCKS5 [::1]:1080", "SOCKS5 [::1]:1080"),
            ("HTTPS a.example:443", "HTTPS a.example:443"),
        ] { #expect(AutomaticConfiguration.Fallback(text)?.text == normal) }
        for text in ["", "direct", "PROXY", "PROXY a", "FOO a:1", "PROXY a:1; DIRECT", "PROXY a:1\"", "DIRECT DIRECT"] {
            #expect(AutomaticConfiguration.Fallback(text) == nil, "\(text)")
        }
    }

    @Test("Both paths answer with its media type, to be kept for minutes, and the address that the client has used")
    func served() throws {
        let proxy = try RunningProxy { configuration in
            configuration.pages.automatic.fallbacks = [.init("PROXY p2.example:3128")!, .init("DIRECT")!]
        }
        let client = try proxy.connect()
        let behind = "; PROXY p2.example:3128; DIRECT\";\n"
        for path in ["/proxy.pac", "/wpad.dat", "/proxy.pac?x=1"] {
            for (host, address) in [
                ("LOCALHOST:8080", "localhost:8080"), ("127.0.0.1:\(proxy.endpoint.port)", "\(proxy.endpoint)"),
                ("localhost", "localhost:80"), ("sallyport.internal", "\(proxy.endpoint)"),
            ] {
                try client.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let (head, body) = try client.receiveMessage()
                #expect(head.contains("\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n"))
                #expect(head.contains("\r\nCache-Control: max-age=300\r\n"))
                #expect(body.contains("var proxy = \"PROXY \(address)\(behind)"))
            }
            #expect(try client.page(path).body.contains("\"PROXY \(proxy.endpoint)\(behind)"))
        }
        client.close()
        try proxy.finish()
    }

    @Test("It is written for the oldest engines, and looks no name up")
    func plain() throws {
        var configuration = AutomaticConfiguration()
        configuration.bypasses = ["corp.example", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/33", "::1"].map { .init($0)! }
        let script = configuration.script(for: try Authority("proxy.example:3128"))
        #expect(script.utf8.allSatisfy { $0 < 0x80 })
        for word in [
            "const ", "let ", "=>", "`", "dnsResolve", "isResolvable", "myIpAddress", "isInNetEx", "dnsDomainLevels",
            "includes(",
            "startsWith", "trim(", ".forEach", ".map(",
        ] { #expect(!script.contains(word), "\(word)") }
        #expect(script.contains("isInNet(host, \"10.0.0.0\", \"255.0.0.0\")"))
        #expect(script.contains("isInNet(host, \"0.0.0.0\", \"0.0.0.0\")"))
        #expect(script.contains("bits.substring(0, 33) == \"001000000000000100001101101110000\""))
        #expect(script.contains("bits.substring(0, 128) == \"\(String(repeating: "0", count: 127))1\""))
    }
}
