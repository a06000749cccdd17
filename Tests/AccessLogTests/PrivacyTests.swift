import Addressing
import Testing

@testable import AccessLog

@Suite("What the log does not tell")
struct PrivacyTests {
    static let key = HMAC(key: Array("key".utf8))

    static func path(_ path: String, _ treatment: QueryTreatment) -> String {
        var record = Record()
        record.setPath(Array(path.utf8).span, query: treatment, key: key)
        return String(decoding: record.bytes(.path) ?? [], as: UTF8.self)
    }

    static func referer(_ url: String, _ treatment: QueryTreatment) -> String {
        var record = Record()
        record.setReferer(Array(url.utf8).span, query: treatment, key: key)
        return String(decoding: record.bytes(.referer) ?? [], as: UTF8.self)
    }

    @Test("A query is kept, dropped or hashed as it is said")
    func queries() {
        #expect(Self.path("/a?b=c?d", .keep) == "/a?b=c?d")
        #expect(Self.path("/a?b=c?d", .drop) == "/a")
        #expect(Self.path("/a", .drop) == "/a")
        #expect(Self.path("/a", .hash) == "/a")
        let hashed = Self.path("/a?b=c", .hash)
        #expect(hashed.hasPrefix("/a?") && hashed.count == 19)
        #expect(hashed == Self.path("/a?b=c", .hash))
        #expect(hashed != Self.path("/a?b=d", .hash))
        #expect(Self.path("/a?", .hash).count == 19)
        #expect(Self.path("?", .drop) == "")
    }

    @Test("A referer shows no credentials and no fragment, and its query as it is said")
    func referers() {
        #expect(Self.referer("http://ann:secret@h.example/a?b#c", .keep) == "http://h.example/a?b")
        #expect(Self.referer("http://ann:sec@ret@h.example", .drop) == "http://h.example")
        #expect(Self.referer("http://h.example/a@b?c@d", .drop) == "http://h.example/a@b")
        #expect(Self.referer("http://h.example?c@d", .keep) == "http://h.example?c@d")
        #expect(Self.referer("about:blank", .keep) == "about:blank")
        #expect(Self.referer("://@", .keep) == "://")
        #expect(Self.referer("", .hash) == "")
    }

    @Test("A target that is none shows no credentials, its query as it is said, and all else as it was sent")
    func refusedTargets() {
        func target(_ text: String, _ treatment: QueryTreatment = .keep) -> String {
            var record = Record()
            record.setRefusedTarget(Array(text.utf8).span, query: treatment, key: Self.key)
            return String(decoding: record.bytes(.hostRaw) ?? [], as: UTF8.self)
        }
        #expect(target("http://ann:secret@h.example/a?b#c") == "http://h.example/a?b#c")
        #expect(target("ann:sec@ret@h.example:443") == "h.example:443")
        #expect(target("http://h.example/@a b?c@d") == "http://h.example/@a b?c@d")
        #expect(target("http://h.example/a?b#c", .drop) == "http://h.example/a")
        #expect(target("h.example?b", .hash).count == "h.example?".count + 16)
        #expect(target("://@") == "://")
        #expect(target("@") == "")
    }

    @Test("Pseudonyms are the same for the same client, others with another key, and leave nothing of the address")
    func pseudonyms() throws {
        var record = LargestRecord.make()
        record.client = Endpoint(IPAddress(192, 0, 2, 77), Port(50000))
        record.set(.user, "ann")
        record.set(.userClaimed, "bob")
        let names = Pseudonyms(key: Array("key".utf8))
        names.apply(to: &record)
        let line = RecordLineTests.text(record)
        #expect(!line.contains("192.0.2.77") && !line.contains("50000") && !line.contains("\"peer\""))
        #expect(!line.contains("ann\"") && !line.contains("bob"))
        let name = String(decoding: names.name(of: IPAddress(192, 0, 2, 77)), as: UTF8.self)
        #expect(line.contains(#","client":"\#(name)","listener":"#))
        #expect(name.hasPrefix("c-") && name.count == 18)
        #expect(names.name(of: IPAddress(192, 0, 2, 78)) != Array(name.utf8))
        #expect(Pseudonyms(key: Array("other".utf8)).name(of: IPAddress(192, 0, 2, 77)) != Array(name.utf8))
        #expect(line.contains(#","user":"\#(String(decoding: names.name(of: Array("ann".utf8)), as: UTF8.self))","#))
        // The code of "client", NUL and the address, by Python's hmac.
        #expect(name == "c-6da7470359863ad1")
    }

    @Test("More clients than are remembered still have the names they had")
    func manyClients() {
        let names = Pseudonyms(key: [1])
        let first = names.name(of: IPAddress(v4: 1))
        for bits in 2..<UInt32(10_100) { _ = names.name(of: IPAddress(v4: bits)) }
        #expect(names.name(of: IPAddress(v4: 1)) == first)
    }
}
