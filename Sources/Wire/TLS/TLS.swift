/// As much of TLS as a proxy can read without taking part: the ClientHello. Spec: RFC 8446 §4.1.2 and §5.1.
public enum TLS {
    /// The most bytes of a stream in which a whole ClientHello is looked for, record headers included.
    public static let maxClientHelloBytes = 16 * 1024

    /// The extensions that are read. Spec: the IANA registry of TLS ExtensionType values.
    enum Extension: UInt16 {
        /// RFC 6066 §3.
        case serverName = 0
        /// RFC 7301.
        case applicationProtocols = 16
        /// RFC 8446 §4.2.1.
        case supportedVersions = 43
        /// RFC 9849.
        case encryptedClientHello = 0xfe0d
    }
}
