import Addressing

extension HTTP1.ParseError {
    /// The status that a client gets for its malformed request.
    public var status: Int {
        switch self {
        case .emptyLine, .bareLF, .bareCR, .controlCharacter, .unterminatedHead, .invalidMethod, .missingTarget,
            .invalidTargetByte, .fragmentInTarget, .missingVersion, .invalidVersion, .invalidTarget,
            .asteriskWithoutOptions, .targetNotAuthority, .unsupportedScheme, .invalidAuthority,
            .invalidStatusLine, .statusLineTooLong, .invalidStatusCode,
            .whitespaceBeforeFields, .foldedField, .spaceBeforeColon, .missingColon, .emptyFieldName,
            .invalidFieldName, .missingHost, .duplicateHost, .emptyHost, .invalidHost,
            .duplicateContentLength, .listedContentLength, .invalidContentLength, .contentLengthOverflow,
            .contentLengthWithTransferEncoding, .duplicateTransferEncoding, .chunkedNotFinal,
            .transferEncodingInHTTP10, .connectWithContent, .bodyNotAllowed,
            .invalidConnectionOption, .connectionNamesFraming, .duplicateProxyAuthorization, .invalidMaxForwards,
            .invalidChunkSize, .chunkSizeOverflow, .invalidChunkExtension, .chunkExtensionsTooLong,
            .missingChunkEnd, .forbiddenTrailer, .trailersTooLarge:
            400
        case .targetTooLong: 414
        case .unknownExpectation: 417
        case .fieldTooLong, .tooManyFields, .headTooLarge: 431
        case .methodTooLong, .unsupportedTransferCoding: 501
        case .unsupportedVersion: 505
        }
    }

    public var explanation: String {
        switch self {
        case .emptyLine: "an empty line stands where the message should begin"
        case .bareLF: "a line ends in LF without CR"
        case .bareCR: "CR stands without LF"
        case .controlCharacter(let byte): "the head holds the control character 0x\(String(byte, radix: 16))"
        case .unterminatedHead: "the head does not end in an empty line"
        case .invalidMethod: "the method is no token"
        case .methodTooLong: "the method is longer than \(HTTP1.Limit.methodBytes) bytes"
        case .missingTarget: "the request line has no target"
        case .invalidTargetByte(let byte): "the request target holds the byte 0x\(String(byte, radix: 16))"
        case .targetTooLong: "the request line is longer than \(HTTP1.Limit.startLineBytes) bytes"
        case .fragmentInTarget: "the request target has a fragment"
        case .missingVersion: "the request line has no version"
        case .invalidVersion: "the request line does not end in an HTTP version"
        case .unsupportedVersion: "the HTTP version is neither 1.0 nor 1.1"
        case .invalidTarget: "the request target has none of the four forms"
        case .asteriskWithoutOptions: "the request target * goes with OPTIONS only"
        case .targetNotAuthority: "the target of CONNECT is not host:port"
        case .unsupportedScheme: "the request target is no http:// address; ask for a tunnel with CONNECT, or use SOCKS"
        case .invalidAuthority(let error): "in the request target \(error)"
        case .invalidStatusLine: "the status line is malformed"
        case .statusLineTooLong: "the status line is longer than \(HTTP1.Limit.startLineBytes) bytes"
        case .invalidStatusCode: "the status code is not from 100 to 599"
        case .whitespaceBeforeFields: "a blank stands before the first field"
        case .foldedField: "a field goes on in a second line"
        case .spaceBeforeColon: "a blank stands between a field's name and its colon"
        case .missingColon: "a field line has no colon"
        case .emptyFieldName: "a field has no name"
        case .invalidFieldName(let byte): "a field's name holds the byte 0x\(String(byte, radix: 16))"
        case .fieldTooLong: "a field line is longer than \(HTTP1.Limit.fieldLineBytes) bytes"
        case .tooManyFields: "the head has more than \(HTTP1.Limit.fields) fields"
        case .headTooLarge: "the head is larger than \(HTTP1.Limit.headBytes) bytes"
        case .missingHost: "an HTTP/1.1 request has no Host field"
        case .duplicateHost: "the request has more than one Host field"
        case .emptyHost: "the Host field is empty"
        case .invalidHost(let error): "in the Host field \(error)"
        case .duplicateContentLength: "there is more than one Content-Length field"
        case .listedContentLength: "Content-Length holds a list"
        case .invalidContentLength: "Content-Length is not a plain number"
        case .contentLengthOverflow: "Content-Length is larger than \(Int64.max)"
        case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding stand side by side"
        case .duplicateTransferEncoding: "there is more than one Transfer-Encoding field"
        case .chunkedNotFinal: "the last transfer coding is not chunked"
        case .unsupportedTransferCoding: "there is a transfer coding besides chunked"
        case .transferEncodingInHTTP10: "an HTTP/1.0 message has a Transfer-Encoding field"
        case .connectWithContent: "a CONNECT request announces a body"
        case .bodyNotAllowed: "a response that has no body announces one"
        case .invalidConnectionOption: "the Connection field holds something that is no token"
        case .connectionNamesFraming: "the Connection field names a field that can't end at this hop"
        case .duplicateProxyAuthorization: "there is more than one Proxy-Authorization field"
        case .invalidMaxForwards: "the Max-Forwards field is not one plain number"
        case .unknownExpectation: "the Expect field asks for something other than 100-continue"
        case .invalidChunkSize: "a chunk's size is not a plain hexadecimal number"
        case .chunkSizeOverflow: "a chunk's size is larger than \(Int64.max)"
        case .invalidChunkExtension: "a chunk's extension holds a control character"
        case .chunkExtensionsTooLong: "chunk extensions take too many bytes"
        case .missingChunkEnd: "a chunk is not followed by CRLF"
        case .forbiddenTrailer: "a trailer names a field that only a head may hold"
        case .trailersTooLarge: "the trailers are larger than \(HTTP1.Limit.trailerBytes) bytes"
        }
    }
}
