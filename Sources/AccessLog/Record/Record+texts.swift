import Addressing

extension Record {
    /// A key whose value is text. What a peer sent may hold any byte: see `Escaping` for what becomes of it.
    public enum TextField: Int, Sendable, CaseIterable {
        /// A name that stands for the client in the place of its address: see `Pseudonyms`.
        case client
        /// Who it is, as shown by the credentials.
        case user
        /// Who it claimed to be, where that was not shown.
        case userClaimed
        /// What became of the credentials, where they were not accepted.
        case authResult
        /// The HTTP method, or the SOCKS command.
        case method
        case scheme
        /// The host in its normal form.
        case host
        /// The host as it was sent, where that differs from the normal form or has none.
        case hostRaw
        /// Of plain HTTP: path and query.
        case path
        case userAgent
        case referer
        /// `file:line` of the rule that decided.
        case rule
        /// `file:line` of the list entry that matched.
        case entry
        /// The rule's reason.
        case reason
        /// `file:line` of the report rule that would have denied.
        case would
        /// Fingerprint of the policy that judged.
        case policy
        /// Where the addresses came from.
        case resolver
        /// Of a UDP association: where datagrams went, separated by blanks, the first few.
        case destinations
        /// The TLS server name.
        case serverName
        /// The application protocols offered in the ClientHello, joined by commas.
        case alpn
        /// The highest TLS version offered.
        case tlsVersion
    }

    /// Copies `bytes`. A field that is set again takes the later value.
    public mutating func set(_ field: TextField, _ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { texts.set(field, $0) }
    }

    /// Copies `text`.
    public mutating func set(_ field: TextField, _ text: String) {
        var text = text
        text.withUTF8 { texts.set(field, $0) }
    }

    /// A copy of the field's bytes; nil if it is absent.
    public func bytes(_ field: TextField) -> [UInt8]? {
        var copy: [UInt8]?
        texts.read(field) { copy = Array($0) }
        return copy
    }

    /// Sets the host in its normal form; `hostRaw` is the caller's business.
    public mutating func setHost(_ host: Host) {
        switch host {
        case .name(let name):
            hostAddress = nil
            set(.host, name.text)
        case .address(let address): hostAddress = address
        }
    }
}

/// The texts of one record, one after another in one array that is used again.
struct Texts: Sendable {
    private struct Place {
        var start: UInt32
        /// Negative while the field is absent.
        var count: Int32
    }

    private static let absent = Place(start: 0, count: -1)

    /// Room; how much of it holds texts says `used`.
    private var bytes: [UInt8] = []
    private var used = 0
    private var places = InlineArray<21, Place>(repeating: absent)

    /// Bytes held, over all fields.
    var count: Int { used }

    mutating func removeAll() {
        used = 0
        places = InlineArray(repeating: Self.absent)
    }

    mutating func set(_ field: Record.TextField, _ text: UnsafeBufferPointer<UInt8>) {
        if bytes.count - used < text.count { grow(by: text.count) }
        bytes.withUnsafeMutableBytes { all in
            UnsafeMutableRawBufferPointer(rebasing: all[used..<used + text.count]).copyMemory(
                from: UnsafeRawBufferPointer(text))
        }
        places[field.rawValue] = Place(start: UInt32(used), count: Int32(text.count))
        used += text.count
    }

    @inline(__always)
    func has(_ field: Record.TextField) -> Bool {
        places[field.rawValue].count >= 0
    }

    /// Calls `body` with the field's bytes, which are valid during the call only; not at all if the field is absent.
    @inline(__always)
    func read(_ field: Record.TextField, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let place = places[field.rawValue]
        guard place.count >= 0 else { return }
        bytes.withUnsafeBufferPointer { all in
            let start = Int(place.start)
            body(UnsafeBufferPointer(rebasing: all[start..<start + Int(place.count)]))
        }
    }

    private mutating func grow(by count: Int) {
        let size = max(used + count, 2 * bytes.count, 256)
        bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
    }
}
