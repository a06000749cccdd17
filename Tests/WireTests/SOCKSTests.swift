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

    @Test("Credentials are a name and a password of 1 to 255 bytes each")
    func credentials() {
        let credentials = SOCKS5.Credentials(userName: [98, 111, 98], password: [0, 255])
        CredentialsReader.expect([1, 3, 98, 111, 98, 2, 0, 255], .complete(credentials, consumed: 8))
        let long = [UInt8](repeating: 1, count: 255)
        let longest = SOCKS5.Credentials(userName: long, password: long)
        CredentialsReader.expect([1, 255] + long + [255] + long, .complete(longest, consumed: 513))
        CredentialsReader.expect([5], .refused(.invalidCredentialsVersion(5)))
        CredentialsReader.expect([1, 0], .refused(.emptyUserName))
        CredentialsReader.expect([1, 1, 98, 0], .refused(.emptyPassword))
    }

    @Test("The verdict on credentials is zero for a success and one for a failure")
    func credentialsStatus() {
        var bytes: [UInt8] = []
        SOCKS5.appendCredentialsStatus(succeeded: true, to: &bytes)
        SOCKS5.appendCredentialsStatus(succeeded: false, to: &bytes)
        SOCKS5.appendMethodSelection(.usernamePassword, to: &bytes)
        SOCKS5.appendMethodSelection(.noneAcceptable, to: &bytes)
        #expect(bytes == [1, 0, 1, 1, 5, 2, 5, 0xff])
    }

    @Test(
        "A datagram is read up to its data",
        arguments: [
            ([0, 0, 0, 1, 192, 0, 2, 1, 0, 53, 9], .address(IPAddress(192, 0, 2, 1)), 10),
            ([0, 0, 0, 3, 1, 97, 0, 53], .name([97]), 8),
        ] as [([UInt8], SOCKS5.Destination, Int)])
    func datagram(_ bytes: [UInt8], _ destination: SOCKS5.Destination, _ length: Int) throws {
        let header = SOCKS5.UDPHeader(destination: destination, port: Port(53), length: length)
        #expect(try SOCKS5.UDPHeader.parse(bytes.span) == header)
        for count in 0..<length {
            #expect(throws: SOCKS5.ParseError.truncatedDatagram) {
                try SOCKS5.UDPHeader.parse(bytes.span.extracting(0..<count))
            }
        }
    }

    @Test(
        "A datagram that is a fragment, or no datagram, is refused",
        arguments: [
            ([0, 0, 1, 1, 1, 2, 3, 4, 0, 53], .fragmentedDatagram(1)), ([0, 1, 0, 1], .reservedNotZero),
            ([0, 0, 0, 9], .unknownAddressType(9)), ([0, 0, 0, 3, 0], .emptyName),
        ] as [([UInt8], SOCKS5.ParseError)])
    func refusedDatagram(_ bytes: [UInt8], _ error: SOCKS5.ParseError) {
        #expect(throws: error) { try SOCKS5.UDPHeader.parse(bytes.span) }
    }

    @Test("A datagram's header is read as it was written")
    func datagramHeader() throws {
        for address in [IPAddress(192, 0, 2, 1), .loopbackV6] {
            var bytes: [UInt8] = []
            SOCKS5.appendUDPHeader(from: Endpoint(address, Port(53)), to: &bytes)
            let header = SOCKS5.UDPHeader(destination: .address(address), port: Port(53), length: bytes.count)
            #expect(try SOCKS5.UDPHeader.parse(bytes.span) == header)
        }
    }

    @Test(
        "A SOCKS4 request is refused at its first wrong byte",
        arguments: [
            ([5], .invalidVersion(5), nil), ([4, 3], .unknownCommand(3), .rejected),
            ([4, 1, 0, 80, 0, 0, 0, 1, 0, 0], .emptyName, nil),
            ([4, 1, 0, 80, 0, 0, 0, 1, 0] + [UInt8](repeating: 97, count: 256), .nameTooLong, nil),
            ([4, 1, 0, 80, 1, 2, 3, 4] + [UInt8](repeating: 97, count: 256), .userIDTooLong, nil),
        ] as [([UInt8], SOCKS4.ParseError, SOCKS4.Reply?)])
    func refusedSOCKS4(_ bytes: [UInt8], _ error: SOCKS4.ParseError, _ reply: SOCKS4.Reply?) {
        SOCKS4RequestReader.expect(bytes, .refused(error))
        #expect(error.reply == reply)
    }

    @Test("0.0.0.0 announces no 4A name")
    func zeroAddress() {
        let request = SOCKS4.Request(command: .bind, destination: .address(.anyV4), port: Port(0))
        SOCKS4RequestReader.expect([4, 2, 0, 0, 0, 0, 0, 0, 0], .complete(request, consumed: 9))
    }

    @Test("A SOCKS4 reply has eight bytes, with zeros for an end that is not IPv4")
    func socks4Replies() {
        var bytes: [UInt8] = []
        SOCKS4.appendReply(.granted, bound: Endpoint(IPAddress(192, 0, 2, 1), Port(0x1234)), to: &bytes)
        #expect(bytes == [0, 90, 0x12, 0x34, 192, 0, 2, 1])
        bytes = []
        SOCKS4.appendReply(.rejected, bound: Endpoint(.loopbackV6, Port(0x1234)), to: &bytes)
        #expect(bytes == [0, 91, 0, 0, 0, 0, 0, 0])
    }
}
