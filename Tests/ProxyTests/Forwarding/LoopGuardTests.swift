import Addressing
import Testing

@testable import Proxy

@Suite("A destination that is the proxy itself")
struct LoopGuardTests {
    private func endpoint(_ address: String, _ port: UInt16 = 3128) throws -> Endpoint {
        Endpoint(try #require(IPAddress(address)), Port(port))
    }

    @Test(
        "A listener on one address is that address and port alone",
        arguments: [
            ("127.0.0.1", 3128, true), ("::1", 3128, true), ("127.0.0.1", 3129, false), ("127.0.0.2", 3128, false),
            ("::2", 3128, false), ("::ffff:127.0.0.1", 3128, true),
        ])
    func exact(address: String, port: UInt16, leadsBack: Bool) throws {
        let guardian = LoopGuard([try endpoint("127.0.0.1"), try endpoint("::1")])
        #expect(guardian.leadsBack(try endpoint(address, port)) == leadsBack)
    }

    @Test("A listener on all addresses of a family is each that the machine has")
    func wildcard() throws {
        let guardian = LoopGuard([try endpoint("0.0.0.0")])
        #expect(guardian.leadsBack(try endpoint("127.0.0.1")))
        #expect(guardian.leadsBack(try endpoint("127.1.2.3")))
        #expect(!guardian.leadsBack(try endpoint("192.0.2.1")))
        #expect(!guardian.leadsBack(try endpoint("127.0.0.1", 80)))
        #expect(!guardian.leadsBack(try endpoint("::1")))
        #expect(LoopGuard([try endpoint("::")]).leadsBack(try endpoint("::1")))
    }
}
