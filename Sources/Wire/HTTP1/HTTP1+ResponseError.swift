extension HTTP1 {
    /// A `ParseError` in what the origin sent: the client, who asked nothing wrong, gets 502.
    ///
    /// Spec: RFC 9110 §15.6.3, RFC 9209 §2.3.
    public struct ResponseError: WireError {
        public let fault: ParseError

        public init(_ fault: ParseError) {
            self.fault = fault
        }

        public var answer: WireAnswer { .status(502) }

        public var token: String {
            switch fault {
            case .fieldTooLong: "http_response_header_size"
            case .tooManyFields, .headTooLarge: "http_response_header_section_size"
            case .trailersTooLarge: "http_response_trailer_section_size"
            case .duplicateTransferEncoding, .chunkedNotFinal, .unsupportedTransferCoding, .transferEncodingInHTTP10,
                .invalidChunkSize, .chunkSizeOverflow, .invalidChunkExtension, .chunkExtensionsTooLong,
                .missingChunkEnd:
                "http_response_transfer_coding"
            default: "http_protocol_error"
            }
        }

        public var explanation: String { "in the origin's response: \(fault.explanation)" }
    }
}
