import Addressing
import Testing

@testable import Wire

/// Every error of the wire, asked its three questions: what is the client sent, which token does the log get, what does
/// an operator read. A new case has to be listed here before it has an answer.
@Suite struct WireErrorTests {
    private static let http: [(HTTP1.ParseError, Int)] = [
        (.emptyLine, 400), (.bareLF, 400), (.bareCR, 400), (.controlCharacter(0), 400), (.unterminatedHead, 400),
        (.invalidMethod, 400), (.methodTooLong, 501), (.missingTarget, 400), (.invalidTargetByte(0xff), 400),
        (.targetTooLong, 414), (.fragmentInTarget, 400), (.missingVersion, 400), (.invalidVersion, 400),
        (.unsupportedVersion, 505), (.invalidTarget, 400), (.asteriskWithoutOptions, 400), (.targetNotAuthority, 400),
        (.unsupportedScheme, 400), (.invalidAuthority(.empty), 400), (.invalidStatusLine, 400),
        (.statusLineTooLong, 400), (.invalidStatusCode, 400), (.whitespaceBeforeFields, 400), (.foldedField, 400),
        (.spaceBeforeColon, 400), (.missingColon, 400), (.emptyFieldName, 400), (.invalidFieldName(0), 400),
        (.fieldTooLong, 431), (.tooManyFields, 431), (.headTooLarge, 431), (.missingHost, 400), (.duplicateHost, 400),
        (.emptyHost, 400), (.invalidHost(.empty), 400), (.duplicateContentLength, 400), (.listedContentLength, 400),
        (.invalidContentLength, 400), (.contentLengthOverflow, 400), (.contentLengthWithTransferEncoding, 400),
        (.duplicateTransferEncoding, 400), (.chunkedNotFinal, 400), (.unsupportedTransferCoding, 501),
        (.transferEncodingInHTTP10, 400), (.connectWithContent, 400), (.bodyNotAllowed, 400),
        (.invalidConnectionOption, 400), (.connectionNamesFraming, 400), (.duplicateProxyAuthorization, 400),
        (.invalidMaxForwards, 400),
        (.unknownExpectation, 417), (.invalidChunkSize, 400), (.chunkSizeOverflow, 400), (.invalidChunkExtension, 400),
        (.chunkExtensionsTooLong, 400), (.missingChunkEnd, 400), (.forbiddenTrailer, 400), (.trailersTooLarge, 400),
    ]

    @Test("A malformed request is answered with the status that its fault earns")
    func requests() {
        for (error, status) in Self.http {
            #expect(error.answer == .status(status))
            #expect(error.token == "http_request_error")
        }
        holds(Self.http.map(\.0))
    }

    @Test("A malformed response is answered with 502, and the token says what was wrong with it")
    func responses() {
        let tokens: Set = [
            "http_protocol_error", "http_response_header_size", "http_response_header_section_size",
            "http_response_trailer_section_size", "http_response_transfer_coding",
        ]
        for (fault, _) in Self.http {
            let error = HTTP1.ResponseError(fault)
            #expect(error.answer == .status(502))
            #expect(tokens.contains(error.token))
            #expect(error.explanation.hasSuffix(fault.explanation))
        }
        #expect(HTTP1.ResponseError(.headTooLarge).token == "http_response_header_section_size")
        #expect(HTTP1.ResponseError(.missingChunkEnd).token == "http_response_transfer_coding")
        #expect(HTTP1.ResponseError(.bareLF).token == "http_protocol_error")
    }

    @Test("A SOCKS client is told of unknown commands and address types, and closed on all else")
    func socks() {
        let socks5: [(SOCKS5.ParseError, WireAnswer)] = [
            (.invalidVersion(4), .close), (.noMethods, .close), (.unknownCommand(9), .reply(7)),
            (.reservedNotZero, .close), (.unknownAddressType(9), .reply(8)), (.emptyName, .close),
            (.invalidCredentialsVersion(5), .close), (.emptyUserName, .close), (.emptyPassword, .close),
            (.truncatedDatagram, .close), (.fragmentedDatagram(1), .close),
        ]
        for (error, answer) in socks5 { #expect(error.answer == answer) }
        let socks4: [(SOCKS4.ParseError, WireAnswer)] = [
            (.invalidVersion(5), .close), (.unknownCommand(9), .reply(91)), (.userIDTooLong, .close),
            (.nameTooLong, .close), (.emptyName, .close),
        ]
        for (error, answer) in socks4 { #expect(error.answer == answer) }
        holds(socks5.map(\.0))
        holds(socks4.map(\.0))
    }

    @Test("What has no answer on the wire closes, or is dropped")
    func others() {
        let tls: [TLS.ParseError] = [
            .notHandshake(1), .invalidRecordVersion(1), .invalidRecordLength(0), .notClientHello(2), .tooLarge,
            .trailingBytes, .malformed, .duplicateExtension(0), .unknownNameType(1), .severalServerNames,
            .emptyServerName,
        ]
        let proxy: [ProxyProtocol.ParseError] = [
            .notProxyProtocol, .invalidVersion(1), .unknownCommand(2), .unknownFamily(0), .tooLong, .malformed,
            .wrongChecksum,
        ]
        let dns: [DNS.ParseError] = [
            .truncated, .trailingBytes, .notResponse, .severalQuestions, .unknownClass(3), .nameTooLong,
            .forwardPointer,
            .unknownLabelType(0x40), .wrongDataLength, .malformedOptions,
        ]
        #expect(tls.allSatisfy { $0.answer == .close && $0.token == "tls_protocol_error" })
        #expect(proxy.allSatisfy { $0.answer == .close && $0.token == "http_request_error" })
        #expect(dns.allSatisfy { $0.answer == .status(502) && $0.token == "dns_error" })
        holds(tls)
        holds(proxy)
        holds(dns)
    }

    /// What an operator reads is one line of plain text, and another for every case.
    private func holds<Failure: WireError>(_ errors: [Failure]) {
        #expect(Set(errors.map(\.explanation)).count == errors.count)
        for error in errors {
            let text = error.explanation
            #expect(!text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(text)")
            #expect(text.last != ".", "\(text)")
        }
    }
}
