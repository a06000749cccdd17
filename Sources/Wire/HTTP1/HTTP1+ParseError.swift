import Addressing

extension HTTP1 {
    /// Why a message is refused. `status` is what a client gets for its request; for a fault in an origin's response
    /// see `ResponseError`.
    public enum ParseError: WireError {
        // MARK: Lines
        /// An empty line where a request or status line should be.
        case emptyLine
        /// LF without CR before it.
        case bareLF
        /// CR without LF after it.
        case bareCR
        /// NUL, another control, or DEL.
        case controlCharacter(UInt8)
        /// A head without its final empty line.
        case unterminatedHead

        // MARK: Request line
        /// A method that is no token.
        case invalidMethod
        case methodTooLong
        /// Nothing, or two spaces, where the request target should be.
        case missingTarget
        /// A byte in the request target that is not visible ASCII.
        case invalidTargetByte(UInt8)
        case targetTooLong
        /// `#`: fragments are not sent.
        case fragmentInTarget
        /// A request line of two words, as HTTP/0.9 has it.
        case missingVersion
        /// Not `HTTP/` digit `.` digit, or more words after it.
        case invalidVersion
        /// HTTP of another version than 1.0 and 1.1.
        case unsupportedVersion
        /// None of the four forms.
        case invalidTarget
        /// `*` with a method other than OPTIONS.
        case asteriskWithoutOptions
        /// CONNECT to something other than `host:port`.
        case targetNotAuthority
        /// A URI of a scheme other than `http` and `https`.
        case unsupportedScheme
        case invalidAuthority(HostError)

        // MARK: Status line
        case invalidStatusLine
        case statusLineTooLong
        /// Not 100–599.
        case invalidStatusCode

        // MARK: Fields
        /// A blank between the start line and the first field.
        case whitespaceBeforeFields
        /// A line that goes on with the value of the one before (obs-fold).
        case foldedField
        case spaceBeforeColon
        case missingColon
        case emptyFieldName
        case invalidFieldName(UInt8)
        case fieldTooLong
        case tooManyFields
        case headTooLarge

        // MARK: Host
        case missingHost
        case duplicateHost
        case emptyHost
        case invalidHost(HostError)

        // MARK: Framing
        case duplicateContentLength
        /// `Content-Length: 5, 5`
        case listedContentLength
        /// Signed, empty, hexadecimal …
        case invalidContentLength
        case contentLengthOverflow
        case contentLengthWithTransferEncoding
        case duplicateTransferEncoding
        /// `chunked` is not the last transfer coding, so that nothing says where the body ends.
        case chunkedNotFinal
        /// Another transfer coding before `chunked`.
        case unsupportedTransferCoding
        case transferEncodingInHTTP10
        /// CONNECT with a body.
        case connectWithContent
        /// A response that can't have a body (1xx, 204) announces a chunked one.
        case bodyNotAllowed

        // MARK: Hop-by-hop
        case invalidConnectionOption
        /// `Connection` lists `Host`, `Content-Length` or `Transfer-Encoding`.
        case connectionNamesFraming
        case duplicateProxyAuthorization
        /// `Max-Forwards` of OPTIONS or TRACE that is no plain number, or there twice.
        case invalidMaxForwards
        /// `Expect` with something other than `100-continue`.
        case unknownExpectation

        // MARK: Chunked coding
        case invalidChunkSize
        case chunkSizeOverflow
        case invalidChunkExtension
        case chunkExtensionsTooLong
        /// No CRLF after the data of a chunk.
        case missingChunkEnd
        /// A trailer that would change framing or routing.
        case forbiddenTrailer
        case trailersTooLarge

        public var answer: WireAnswer { .status(status) }
    }
}
