/// What the log shows of the query of a URL, which often holds what nobody else should read. The raw value is what
/// `--log-query` takes.
public enum QueryTreatment: String, Sendable, CaseIterable {
    case keep
    /// Nothing of it, nor that there was one.
    case drop
    /// Sixteen hexadecimal digits of a keyed hash, so that equal queries can be told.
    case hash
}

extension Record {
    /// Copies path and query of a request, the query as `treatment` says.
    ///
    /// - Parameter key: for `.hash`.
    public mutating func setPath(_ path: Span<UInt8>, query treatment: QueryTreatment, key: HMAC) {
        path.withUnsafeBufferPointer { setURL(.path, $0, treatment, key) }
    }

    /// Copies a referer, its query as `treatment` says and without credentials or fragment.
    public mutating func setReferer(_ referer: Span<UInt8>, query treatment: QueryTreatment, key: HMAC) {
        referer.withUnsafeBufferPointer { bytes in
            guard let credentials = Self.credentials(in: bytes) else { return setURL(.referer, bytes, treatment, key) }
            let rest = Array(bytes[..<credentials.lowerBound]) + Array(bytes[credentials.upperBound...])
            rest.withUnsafeBufferPointer { setURL(.referer, $0, treatment, key) }
        }
    }

    /// Copies the target of a request that was refused because it is none, as `hostRaw`: its query as `treatment` says and
    /// without credentials, as far as they can be told from the rest.
    public mutating func setRefusedTarget(_ target: Span<UInt8>, query treatment: QueryTreatment, key: HMAC) {
        target.withUnsafeBufferPointer { bytes in
            let scheme = bytes.firstIndex(of: UInt8(ascii: ":")).flatMap { colon in
                bytes[(colon + 1)...].starts(with: "//".utf8) ? colon + 3 : nil
            }
            let start = scheme ?? 0
            let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
            let host = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? start
            let rest = Array(bytes[..<start]) + Array(bytes[host...])
            rest.withUnsafeBufferPointer { setURL(.hostRaw, $0, treatment, key, fragment: true) }
        }
    }

    // MARK: - Private

    private mutating func setURL(
        _ field: TextField, _ url: UnsafeBufferPointer<UInt8>, _ treatment: QueryTreatment, _ key: HMAC,
        fragment keepsFragment: Bool = false
    ) {
        let end = keepsFragment ? url.count : url.firstIndex(of: UInt8(ascii: "#")) ?? url.count
        let mark = url[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
        switch treatment {
        case .keep: texts.set(field, UnsafeBufferPointer(rebasing: url[..<end]))
        case .drop: texts.set(field, UnsafeBufferPointer(rebasing: url[..<mark]))
        case .hash:
            guard mark < end else { return texts.set(field, UnsafeBufferPointer(rebasing: url[..<end])) }
            var code = key
            code.update(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: url[(mark + 1)..<end])))
            let hashed = Array(url[...mark]) + code.finalize().hex.prefix(16)
            hashed.withUnsafeBufferPointer { texts.set(field, $0) }
        }
    }

    /// Where `user:password@` stands in `scheme://user:password@host/`.
    ///
    /// Spec: RFC 3986 §3.2.1.
    private static func credentials(in url: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")),
            url[(colon + 1)...].starts(with: "//".utf8)
        else { return nil }
        let start = colon + 3
        let end = url[start...].firstIndex { "/?#".utf8.contains($0) } ?? url.count
        guard let at = url[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return start..<at + 1
    }
}
