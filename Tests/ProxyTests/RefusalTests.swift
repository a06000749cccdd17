import AccessLog
import Addressing
import EventLoop
import Glibc
import Policy
import Testing
import Wire

@testable import Proxy

/// The table of what clients are told, row by row, and every refusal there is.
@Suite("What clients are told")
struct RefusalTests {
    struct Row {
        let name: String
        let refusal: Refusal
        let status: UInt16
        /// Nil where a SOCKS5 connection just closes.
        let reply: UInt8?
        let token: String
        let endedBy: EndedBy
    }

    static func rows() throws -> [Row] {
        let (verdict, addressVerdict) = try verdicts()
        func row(
            _ name: String, _ refusal: Refusal, _ status: UInt16, _ reply: UInt8?, _ token: String,
            by endedBy: EndedBy = .proxy
        ) -> Row {
            Row(name: name, refusal: refusal, status: status, reply: reply, token: token, endedBy: endedBy)
        }
        return [
            row("policy denied it", .denied(verdict), 403, 2, "http_request_denied", by: .policy),
            row(
                "its address is refused", .addressDenied(addressVerdict), 403, 2, "destination_ip_prohibited",
                by: .policy),
            row(
                "all its addresses are unspecified", .addressDenied(nil), 403, 2, "destination_ip_prohibited",
                by: .policy),
            row("malformed SOCKS5", .malformed(SOCKS5.ParseError.noMethods), 400, nil, "http_request_error"),
            row("malformed SOCKS4", .malformed(SOCKS4.ParseError.emptyName), 400, nil, "http_request_error"),
            row("malformed HTTP", .malformed(HTTP1.ParseError.bareLF), 400, nil, "http_request_error"),
            row("HTTP target too long", .malformed(HTTP1.ParseError.targetTooLong), 414, nil, "http_request_error"),
            row("SOCKS5 command", .malformed(SOCKS5.ParseError.unknownCommand(9)), 400, 7, "http_request_error"),
            row("SOCKS5 address", .malformed(SOCKS5.ParseError.unknownAddressType(9)), 400, 8, "http_request_error"),
            row("SOCKS4 command", .malformed(SOCKS4.ParseError.unknownCommand(9)), 400, 1, "http_request_error"),
            row("no host", .invalidHost(.numericName), 400, 1, "http_request_error"),
            row("no protocol", .unknownProtocol, 400, nil, "http_request_error"),
            row("https in plain HTTP", .otherScheme, 400, nil, "http_request_error"),
            row("command not served", .unsupportedCommand, 501, 7, "http_request_error"),
            row("no method in common", .noAcceptableMethod, 400, 1, "http_request_error"),
            row("request too slow", .requestTimedOut, 408, nil, "http_request_error"),
            row("name does not exist", .unresolved(.notFound), 502, 4, "dns_error"),
            row("name server fails", .unresolved(.failed), 502, 4, "dns_error"),
            row("name server silent", .unresolved(.timedOut), 504, 4, "dns_timeout"),
            row(
                "origin refuses", .unconnected(Errno(rawValue: ECONNREFUSED)), 502, 5, "connection_refused", by: .origin
            ),
            row("origin silent", .unconnected(.timedOut), 504, 6, "connection_timeout"),
            row("no route", .unconnected(Errno(rawValue: ENETUNREACH)), 502, 3, "destination_ip_unroutable"),
            row("a limit of ours", .outOfResources(Errno(rawValue: EMFILE)), 503, 1, "connection_limit_reached"),
            row("no local port left", .unconnected(Errno(rawValue: EADDRNOTAVAIL)), 503, 1, "connection_limit_reached"),
            row("leads back to us", .loop, 502, 2, "proxy_loop_detected"),
            row("a failure of ours", .internalError(Errno(rawValue: EBADF)), 500, 1, "proxy_internal_error"),
            row("stopping", .stopping, 503, 1, "connection_terminated", by: .operator),
            row("no answer", .noResponse(nil), 502, 1, "connection_terminated", by: .origin),
            row("half an answer", .cutResponse(nil), 502, 1, "http_response_incomplete", by: .origin),
            row("unasked upgrade", .unaskedUpgrade, 502, 1, "http_protocol_error", by: .origin),
            row("answer too slow", .responseTimedOut, 504, 1, "http_response_timeout"),
        ]
    }

    /// A denial by name and one by address.
    private static func verdicts() throws -> (Policy.Verdict, Policy.Verdict) {
        let folder = try TestFolder(["policy.conf": "deny to port:1 reason \"why\"\ndeny to loopback\ndefault allow\n"])
        let ruleset = try Ruleset.load(path: folder["policy.conf"])
        let verdicts = ([1, 2] as [UInt16]).compactMap { port -> Policy.Verdict? in
            let request = Request(
                client: .loopbackV4, host: .address(.loopbackV4), port: Port(port), via: .connect, time: 0)
            guard case .denied(let verdict) = ruleset.decide(request) else { return nil }
            return verdict
        }
        return (verdicts[0], verdicts[1])
    }

    @Test("Each refusal has the status, reply and token of the table")
    func table() throws {
        for row in try Self.rows() {
            #expect(row.refusal.status == row.status, "\(row.name)")
            #expect(row.refusal.reply?.rawValue == row.reply, "\(row.name)")
            #expect(row.refusal.outcome.rawValue == row.token, "\(row.name)")
            #expect(row.refusal.endedBy == row.endedBy, "\(row.name)")
        }
    }

    @Test("Each refusal is a sentence of one line, and its status has a name")
    func words() throws {
        for row in try Self.rows() {
            let text = row.refusal.explanation
            #expect(text.hasSuffix(".") && text.first?.isUppercase == true, "\(text)")
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(text)")
            #expect(StatusCode.phrase(row.status) != "Error", "\(row.status)")
        }
    }

    @Test("Each dialect sends exactly what its record says, or nothing")
    func dialects() throws {
        for row in try Self.rows() {
            func sent(_ dialect: Dialect) -> (bytes: [UInt8], told: Told) {
                var bytes: [UInt8] = []
                dialect.append(row.refusal, verdict: nil, requestID: "id", to: &bytes)
                return (bytes, dialect.told(row.refusal))
            }
            #expect(sent(.none).bytes == [])
            #expect(sent(.http).bytes.starts(with: "HTTP/1.1 \(row.status) ".utf8))
            #expect(sent(.http).told.status == row.status)
            #expect(sent(.socks5).bytes == row.reply.map { [5, $0, 0, 1, 0, 0, 0, 0, 0, 0] } ?? [], "\(row.name)")
            #expect(sent(.socks5).told.reply == row.reply)
            #expect(sent(.socks5Greeting).bytes == (row.reply == nil ? [] : [5, 0xff]), "\(row.name)")
            #expect(sent(.socks5Greeting).told.reply == (row.reply == nil ? nil : 0xff))
            #expect(sent(.socks4).bytes == (row.reply == nil ? [] : [0, 91, 0, 0, 0, 0, 0, 0]), "\(row.name)")
            #expect(sent(.socks4).told.reply == (row.reply == nil ? nil : 91))
        }
    }

    @Test("Whatever error connecting ends in, it has an answer and keeps its number")
    func errors() {
        let tokens = [
            "connection_refused", "connection_timeout", "destination_ip_unroutable", "connection_limit_reached",
            "proxy_internal_error",
        ]
        for number in 1...133 as ClosedRange<CInt> {
            let refusal = Refusal.unconnected(Errno(rawValue: number))
            #expect(tokens.contains(refusal.outcome.rawValue), "\(number)")
            #expect(refusal.errno == number)
            #expect(refusal.reply != nil)
        }
    }

    @Test("A denial tells its reason, rule and list entry, and nothing of the request")
    func denial() throws {
        let (verdict, _) = try Self.verdicts()
        var bytes: [UInt8] = []
        ErrorAnswer(refusal: .denied(verdict), verdict: verdict, requestID: "r.1").append(to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text.hasSuffix(
                "\r\n\r\nThe policy of this proxy denies this destination: why.\nRule: \(verdict.rule)\nRequest: r.1\n"
                    + "In the log: sallyport log tail --id r.1\n")
        )
        #expect(
            text.contains("\r\nProxy-Status: sallyport; error=http_request_denied; details=\"\(verdict.rule)\"\r\n"))
    }
}
