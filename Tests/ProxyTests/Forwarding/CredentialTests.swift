import Testing

@testable import Proxy

@Suite("Credentials in a URL")
struct CredentialTests {
    @Test(
        "They refuse the request, and reach neither log nor answer nor origin",
        arguments: [
            "GET http://u:secret@{origin}/page?query HTTP/1.1\r\nHost: {origin}",
            "GET http://secret@{origin}/ HTTP/1.1\r\nHost: {origin}",
            "GET http://u:secret@secret@{origin}/ HTTP/1.1\r\nHost: {origin}",
            "GET https://u:secret@{origin}/ HTTP/1.1\r\nHost: {origin}",
            "GET ftp://u:secret@{origin}/ HTTP/1.1\r\nHost: {origin}",
            "CONNECT u:secret@{origin} HTTP/1.1\r\nHost: {origin}",
            "GET http://{origin}/ HTTP/1.1\r\nHost: u:secret@{origin}",
        ])
    func refused(head: String) throws {
        let rig = try ForwardingRig()
        for preceding in ["", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let client = try rig.connect()
            try client.send(rig.text("\(preceding)\(head)\r\nAccept: text/html\r\n\r\n"))
            if !preceding.isEmpty { #expect(try client.receiveMessage().head.status == 200) }
            let answer = try client.receiveToEnd()
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(text.status == 400 && answer.end == .fin)
            #expect(!text.contains("secret"))
        }
        try rig.finish()
        #expect(!rig.origin.isAsked)
        let log = String(decoding: rig.proxy.folder.bytes(of: "access.log"), as: UTF8.self)
        #expect(log.contains("http_request_error") && !log.contains("secret"))
    }

    @Test("Those of a field are the origin's, those of a Referer and those for the proxy are nobody's; none is logged")
    func fields() throws {
        let rig = try ForwardingRig(policy: "deny to host:no.example\ndefault allow\n")
        let fields = """
            Authorization: Basic secret\r
            Proxy-Authorization: Basic secret2\r
            Cookie: secret\r
            Referer: http://u:secret@{origin}/page\r

            """
        let (client, origin, head) = try rig.begin("GET http://{origin}/ HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
        #expect(
            head
                == rig.text(
                    """
                    GET / HTTP/1.1\r
                    Host: {origin}\r
                    Authorization: Basic secret\r
                    Cookie: secret\r
                    Referer: http://u:secret@{origin}/page\r
                    \r

                    """))
        try origin.send("HTTP/1.1 200 OK\r\nDate: now\r\nSet-Cookie: secret\r\nContent-Length: 0\r\n\r\n")
        try client.expect("HTTP/1.1 200 OK\r\nDate: now\r\nSet-Cookie: secret\r\nContent-Length: 0\r\n\r\n")
        try client.send(rig.text("GET http://no.example/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\(fields)\r\n"))
        #expect(try !client.receiveMessage().body.contains("secret"))
        let referers = try rig.finish().map(\.referer)
        #expect(referers == Array(repeating: rig.text("http://{origin}/page"), count: 2))
        #expect(!String(decoding: rig.proxy.folder.bytes(of: "access.log"), as: UTF8.self).contains("secret"))
    }
}
