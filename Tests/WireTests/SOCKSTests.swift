import Addressing
import Testing

@testable import Wire

@Suite struct SOCKSTests {
    @Test("A greeting is complete with its last method, and offers exactly those it lists")
    func greeting() throws {
        let bytes: [UInt8] = [5, 2, 0, 2, 99]
        for count in 0..<4 {
            guard case .incomplete = try SOCKS5.Greeting.parse(bytes.span.extracting(0..<count)) else {
                Issue.record("complete after \(count) bytes")
                continue
            }
        }
        guard case .complete(let greeting, 4) = try SOCKS5.Greeting.parse(bytes.span) else {
            Issue.record("not complete")
            return
        }
        #expect(greeting.offers(.noAuthentication))
        #expect(greeting.offers(.usernamePassword))
        #expect(!greeting.offers(.noneAcceptable))
    }

    @Test(
        "A SOCKS5 request is read in each of its address types",
        arguments: [
            ([5, 1, 0, 1, 192, 0, 2, 1, 0, 80, 7], SOCKS5.Destination.address(IPAddress(192, 0, 2, 1)), 10),
            ([5, 1, 0, 3, 1, 97, 0, 80], .name([97]), 8),
            ([5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80], .address(.loopbackV6), 22),
        ] as [([UInt8], SOCKS5.Destination, Int)])
    func request(_ bytes: [UInt8], _ destination: SOCKS5.Destination, _ consumed: Int) throws {
        for count in 0..<consumed {
            #expect(try SOCKS5.Request.parse(bytes.span.extracting(0..<count)) == .incomplete)
        }
        let request = SOCKS5.Request(command: .connect, destination: destination, port: Port(80))
        #expect(try SOCKS5.Request.parse(bytes.span) == .complete(request, consumed: consumed))
    }

    @Test(
        "A SOCKS5 request is refused at its first wrong byte",
        arguments: [
            ([4], .invalidVersion(4), nil), ([5, 4], .unknownCommand(4), .commandNotSupported),
            ([5, 1, 1], .reservedNotZero, nil), ([5, 1, 0, 2], .unknownAddressType(2), .addressTypeNotSupported),
            ([5, 1, 0, 3, 0], .emptyName, nil),
        ] as [([UInt8], SOCKS5.ParseError, SOCKS5.Reply?)])
    func refusal(_ bytes: [UInt8], _ error: SOCKS5.ParseError, _ reply: SOCKS5.Reply?) {
        #expect(throws: error) { try SOCKS5.Request.parse(bytes.span) }
        #expect(error.reply == reply)
    }

    @Test("A reply carries the bound endpoint, zeros without one")
    func replies() {
        var bytes: [UInt8] = []
        SOCKS5.appendReply(.succeeded, bound: Endpoint(IPAddress(192, 0, 2, 1), Port(0x1234)), to: &bytes)
        #expect(bytes == [5, 0, 0, 1, 192, 0, 2, 1, 0x12, 0x34])
        bytes = []
        SOCKS5.appendReply(.connectionRefused, bound: nil, to: &bytes)
        #expect(bytes == [5, 5, 0, 1, 0, 0, 0, 0, 0, 0])
        bytes = []
        SOCKS5.appendReply(.succeeded, bound: Endpoint(.loopbackV6, Port(1)), to: &bytes)
        #expect(bytes == [5, 0, 0, 4] + [UInt8](repeating: 0, count: 15) + [1, 0, 1])
    }

    @Test("A SOCKS4 request ends at its NUL, a 4A request at its second")
    func socks4() throws {
        let plain: [UInt8] = [4, 1, 0, 80, 192, 0, 2, 1, 98, 111, 98, 0, 1]
        let request = SOCKS4.Request(
            command: .connect, destination: .address(IPAddress(192, 0, 2, 1)), port: Port(80), userID: [98, 111, 98])
        #expect(try SOCKS4.Request.parse(plain.span) == .complete(request, consumed: 12))
        let named: [UInt8] = [4, 1, 0, 80, 0, 0, 0, 1, 0, 97, 0, 1]
        let request4a = SOCKS4.Request(command: .connect, destination: .name([97]), port: Port(80))
        #expect(try SOCKS4.Request.parse(named.span) == .complete(request4a, consumed: 11))
        for count in 0..<11 { #expect(try SOCKS4.Request.parse(named.span.extracting(0..<count)) == .incomplete) }
    }

    @Test("A SOCKS4 user id of 255 bytes is taken, one of 256 refused")
    func userIDBound() throws {
        let start: [UInt8] = [4, 1, 0, 80, 192, 0, 2, 1]
        let longest = start + [UInt8](repeating: 1, count: 255)
        #expect(try SOCKS4.Request.parse(longest.span) == .incomplete)
        let tooLong = longest + [1]
        #expect(throws: SOCKS4.ParseError.userIDTooLong) { try SOCKS4.Request.parse(tooLong.span) }
    }
}
