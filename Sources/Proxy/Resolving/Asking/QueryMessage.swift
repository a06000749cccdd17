import Wire

/// One query as it goes out, and what tells its answer from anything else that comes back.
///
/// The id is random, and so is the case of each letter of the name: servers repeat the question byte by byte, so whoever
/// wants to forge an answer without having seen the query must guess both, and the port.
///
/// Spec: RFC 5452 §9.1, draft-vixie-dnsext-dns0x20.
struct QueryMessage {
    /// What a message from the server is.
    enum Reading {
        /// The answer to another question, or a forged one: as if it had not come.
        case unrelated
        /// The right answer, but for the case of its letters.
        case caseFolded(DNS.Response)
        /// Ask again over TCP.
        case truncated
        /// Ask again without EDNS0.
        case optionsRefused
        case malformed
        case response(DNS.Response)
    }

    let id: UInt16
    let bytes: [UInt8]
    private let question: DNS.Response.Question
    /// Where the question stands in `bytes`, and must stand in the answer.
    private let questionRange: Range<Int>
    private let hasOptions: Bool

    private static let headerBytes = 12
    /// An OPT record without options.
    private static let optionsBytes = 11

    /// - Parameters:
    ///   - mixesCase: false for a server that is known not to repeat it.
    ///   - hasOptions: false for a server that is known to refuse EDNS0.
    init(
        _ name: DNS.Name, _ type: DNS.RecordType, id: UInt16, mixesCase: Bool, hasOptions: Bool,
        using random: inout some RandomNumberGenerator
    ) {
        self.id = id
        self.hasOptions = hasOptions
        question = DNS.Response.Question(name: name, type: type)
        var bytes: [UInt8] = []
        DNS.appendQuery(id: id, name, type, to: &bytes)
        let questionRange = Self.headerBytes..<bytes.count - Self.optionsBytes
        self.questionRange = questionRange
        if !hasOptions {
            bytes.removeLast(Self.optionsBytes)
            bytes[11] = 0
        }
        if mixesCase { Self.mixCase(&bytes, questionRange.lowerBound..<questionRange.upperBound - 4, &random) }
        self.bytes = bytes
    }

    /// - Parameter message: whole, and from the server; its id has been compared already.
    func read(_ message: Span<UInt8>) -> Reading {
        do throws(DNS.ParseError) {
            let response = try DNS.Response.parse(message)
            guard response.id == id else { return .unrelated }
            guard let asked = response.question else {
                // Servers that don't understand a query may not repeat it.
                return hasOptions && Self.refusesOptions(response.code) ? .optionsRefused : .malformed
            }
            guard asked == question else { return .unrelated }
            if response.isTruncated { return .truncated }
            if hasOptions && Self.refusesOptions(response.code) { return .optionsRefused }
            return repeatsQuestion(message) ? .response(response) : .caseFolded(response)
        } catch {
            return .malformed
        }
    }

    // MARK: - Private

    /// Spec: RFC 6891 §7.
    private static func refusesOptions(_ code: DNS.ResponseCode) -> Bool {
        code == .formatError || code == .notImplemented || code == .badVersion
    }

    private func repeatsQuestion(_ message: Span<UInt8>) -> Bool {
        guard message.count >= questionRange.upperBound else { return false }
        for index in questionRange where message[index] != bytes[index] { return false }
        return true
    }

    /// Turns each letter into a capital or not, by lot. Bytes of length are below 64, where there are no letters.
    private static func mixCase(_ bytes: inout [UInt8], _ name: Range<Int>, _ random: inout some RandomNumberGenerator)
    {
        var lots: UInt64 = 0
        var left = 0
        for index in name where bytes[index] >= UInt8(ascii: "a") && bytes[index] <= UInt8(ascii: "z") {
            if left == 0 {
                lots = random.next()
                left = 64
            }
            if lots & 1 == 1 { bytes[index] &= ~0x20 }
            lots >>= 1
            left -= 1
        }
    }
}
