import Addressing
import Policy
import Wire

/// What a tunnel learns from its client's first bytes: whether they are TLS, and whom they name.
///
///     waiting ──22──▶ reading ──whole──▶ done
///        └──other──────────┴──no TLS──▶ done
struct HelloWatch {
    enum Step {
        /// More is needed.
        case incomplete
        /// This is what there is to know; nothing more is looked at.
        case seen(TLSFacts, TLSNotes?)
    }

    private var reader = TLS.ClientHelloReader()
    /// The client's stream from its first byte on, as far as it has come; at most one ClientHello.
    private(set) var bytes: [UInt8] = []

    mutating func saw(_ more: UnsafeRawBufferPointer) -> Step {
        bytes.append(contentsOf: more)
        do throws(TLS.ParseError) {
            let stream = bytes
            guard case .complete(let hello, _) = try reader.read(stream.span) else { return .incomplete }
            return .seen(TLSFacts(hello), TLSNotes(hello))
        } catch {
            return .seen(.notTLS, nil)
        }
    }
}

/// What the record says of a tunnel's ClientHello.
final class TLSNotes {
    /// As sent; empty when no server is named.
    let serverName: [UInt8]
    /// The application protocols offered, joined by commas.
    let applicationProtocols: [UInt8]
    /// The highest version offered, such as 0x0304 for TLS 1.3.
    let version: UInt16
    let hasEncryptedHello: Bool

    init(_ hello: TLS.ClientHello) {
        serverName = hello.serverName ?? []
        applicationProtocols = Array(hello.applicationProtocols.joined(separator: [UInt8(ascii: ",")]))
        // GREASE values (RFC 8701) are no versions.
        version = hello.versions.filter { $0 & 0x0f0f != 0x0a0a }.max() ?? 0
        hasEncryptedHello = hello.hasEncryptedClientHello
    }

    /// Whether the server named is the host that was asked for; nil where there is nothing to compare.
    func matches(_ host: Host?) -> Bool? {
        guard case .name(let name) = host, !serverName.isEmpty else { return nil }
        let sent = serverName
        return (try? HostName(parsing: sent.span)) == name
    }

    /// In words that people use.
    var versionText: String? {
        switch version {
        case 0: nil
        case 0x0300: "SSL 3.0"
        case 0x0301...0x0304: "TLS 1.\(version - 0x0301)"
        default: "0x\(String(version, radix: 16))"
        }
    }
}

extension TLSFacts {
    fileprivate init(_ hello: TLS.ClientHello) {
        let name: ServerName =
            if let bytes = hello.serverName {
                (try? HostName(parsing: bytes.span)).map { .name($0) } ?? .invalid
            } else {
                .missing
            }
        self.init(serverName: name, hasEncryptedHello: hello.hasEncryptedClientHello)
    }
}
