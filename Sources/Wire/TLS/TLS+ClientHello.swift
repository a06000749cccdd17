extension TLS {
    /// What a client says before anything is secret.
    public struct ClientHello: Hashable, Sendable {
        /// The server name as sent, 1–65,530 bytes that may be no name at all: `HostName(parsing:)` judges them. Nil
        /// without the extension. With `hasEncryptedClientHello` it may be a decoy.
        public var serverName: [UInt8]?
        /// The application protocols offered (ALPN), in the client's order; each 1–255 bytes.
        public var applicationProtocols: [[UInt8]] = []
        /// The protocol versions offered, in the client's order: 0x0304 is TLS 1.3.
        public var versions: [UInt16] = []
        /// Whether the extension for an encrypted ClientHello is there, be it in earnest or as grease.
        public var hasEncryptedClientHello = false
    }
}

extension TLS.ClientHello {
    /// - Parameter range: the body of the handshake message, without its type and length.
    ///
    ///     struct {
    ///         ProtocolVersion legacy_version;
    ///         Random random;                                  // 32 bytes
    ///         opaque legacy_session_id<0..32>;
    ///         CipherSuite cipher_suites<2..2^16-2>;
    ///         opaque legacy_compression_methods<1..2^8-1>;
    ///         Extension extensions<8..2^16-1>;                // may be missing before TLS 1.3
    ///     } ClientHello;
    ///
    /// Spec: RFC 8446 §4.1.2.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(TLS.ParseError) {
        var cursor = Cursor(range)
        guard let legacyVersion = cursor.uint16(bytes), cursor.skip(32) != nil,
            let session = cursor.vector(bytes, width: 1), session.count <= 32,
            let suites = cursor.vector(bytes, width: 2), suites.count >= 2, suites.count % 2 == 0,
            let compression = cursor.vector(bytes, width: 1), !compression.isEmpty
        else { throw .malformed }
        if !cursor.isAtEnd {
            guard let extensions = cursor.vector(bytes, width: 2), cursor.isAtEnd else { throw .malformed }
            try readExtensions(bytes, extensions)
        }
        if versions.isEmpty { versions = [legacyVersion] }
    }

    // MARK: - Private

    private mutating func readExtensions(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(TLS.ParseError) {
        var cursor = Cursor(range)
        while !cursor.isAtEnd {
            guard let type = cursor.uint16(bytes), let body = cursor.vector(bytes, width: 2) else {
                throw .malformed
            }
            switch TLS.Extension(rawValue: type) {
            case .serverName:
                guard serverName == nil else { throw .duplicateExtension(type) }
                serverName = try Self.serverName(bytes, body)
            case .applicationProtocols:
                guard applicationProtocols.isEmpty else { throw .duplicateExtension(type) }
                applicationProtocols = try Self.protocols(bytes, body)
            case .supportedVersions:
                guard versions.isEmpty else { throw .duplicateExtension(type) }
                versions = try Self.versions(bytes, body)
            case .encryptedClientHello:
                guard !hasEncryptedClientHello else { throw .duplicateExtension(type) }
                hasEncryptedClientHello = true
            case nil: continue
            }
        }
    }

    /// `ServerName server_name_list<1..2^16-1>`, of which there may be one of each type, and but one type exists.
    private static func serverName(_ bytes: Span<UInt8>, _ body: Range<Int>) throws(TLS.ParseError) -> [UInt8] {
        var cursor = Cursor(body)
        guard let list = cursor.vector(bytes, width: 2), cursor.isAtEnd else { throw .malformed }
        var names = Cursor(list)
        guard let type = names.uint8(bytes) else { throw .malformed }
        guard type == 0 else { throw .unknownNameType(type) }
        guard let name = names.vector(bytes, width: 2) else { throw .malformed }
        guard !name.isEmpty else { throw .emptyServerName }
        guard names.isAtEnd else { throw .severalServerNames }
        return copy(bytes, name)
    }

    /// `ProtocolName protocol_name_list<2..2^16-1>`. Spec: RFC 7301 §3.1.
    private static func protocols(_ bytes: Span<UInt8>, _ body: Range<Int>) throws(TLS.ParseError) -> [[UInt8]] {
        var cursor = Cursor(body)
        guard let list = cursor.vector(bytes, width: 2), cursor.isAtEnd, !list.isEmpty else { throw .malformed }
        var names = Cursor(list)
        var protocols: [[UInt8]] = []
        while !names.isAtEnd {
            guard let name = names.vector(bytes, width: 1), !name.isEmpty else { throw .malformed }
            protocols.append(copy(bytes, name))
        }
        return protocols
    }

    /// `ProtocolVersion versions<2..254>`. Spec: RFC 8446 §4.2.1.
    private static func versions(_ bytes: Span<UInt8>, _ body: Range<Int>) throws(TLS.ParseError) -> [UInt16] {
        var cursor = Cursor(body)
        guard let list = cursor.vector(bytes, width: 1), cursor.isAtEnd, list.count >= 2, list.count % 2 == 0
        else { throw .malformed }
        var entries = Cursor(list)
        var versions: [UInt16] = []
        while let version = entries.uint16(bytes) { versions.append(version) }
        return versions
    }
}
