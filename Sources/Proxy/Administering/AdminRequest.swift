import Addressing
import Wire

/// A request to the operators' interface, whole.
struct AdminRequest: Sendable {
    let method: HTTP1.Method
    /// Without the query.
    let path: String
    /// Of the query and, with POST, of a body in the form of one; a name may stand there more than once.
    private(set) var values: [(name: String, value: String)]
    let host: Host?
    /// The Host field as sent.
    let authority: String?
    let origin: String?
    let fetchSite: String?
    let fetchMode: String?
    private let cookies: String
    let authorization: String?
    let accept: String
    let isHTTP11: Bool

    /// Bytes that a head and a body may have.
    static let maxHeadBytes = 16 * 1024
    static let maxBodyBytes = 4096

    /// - Parameter bytes: the head and what came after it.
    init(_ head: HTTP1.RequestHead, _ bytes: [UInt8]) throws(AdminRefusal) {
        guard head.target.form == .origin else {
            throw AdminRefusal(400, "The request target must be a path: this is no proxy.")
        }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func value(_ name: String) -> String? {
            head.fields.first { text($0.name).lowercased() == name }.map { text($0.value) }
        }
        method = head.method
        let target = bytes[head.target.path]
        let question = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = String(decoding: target[..<question], as: UTF8.self)
        values = try Self.values(of: target[question...].dropFirst())
        host = head.authority?.host
        authority = value("host")
        origin = value("origin")
        fetchSite = value("sec-fetch-site")
        fetchMode = value("sec-fetch-mode")
        cookies = value("cookie") ?? ""
        authorization = value("authorization")
        accept = value("accept") ?? ""
        isHTTP11 = head.version == .http11
        if method == .post { values += try Self.values(of: bytes[head.length...]) }
    }

    /// How many bytes follow the head.
    static func bodyBytes(_ head: HTTP1.RequestHead) throws(AdminRefusal) -> Int {
        switch head.framing {
        case .none: return 0
        case .length(let count) where count <= UInt64(maxBodyBytes): return Int(count)
        case .length, .untilClose: throw AdminRefusal(413, "A body of up to \(maxBodyBytes) bytes is allowed.")
        case .chunked: throw AdminRefusal(411, "A body needs a Content-Length.")
        }
    }

    /// The one value of that name; nil without it.
    func value(_ name: String) throws(AdminRefusal) -> String? {
        let found = values.filter { $0.name == name }
        if found.count > 1 { throw AdminRefusal(400, "\(name) stands there twice; once is allowed.") }
        return found.first?.value
    }

    /// The first cookie of that name. Spec: RFC 6265 §4.2.
    func cookie(_ name: String) -> String? {
        for pair in cookies.split(separator: ";") {
            let text = pair.drop { $0 == " " }
            if text.hasPrefix(name + "=") { return String(text.dropFirst(name.utf8.count + 1)) }
        }
        return nil
    }

    // MARK: - Private

    /// Spec: https://url.spec.whatwg.org/#urlencoded-parsing, but what is no proper escape is refused.
    private static func values(of text: ArraySlice<UInt8>) throws(AdminRefusal) -> [(name: String, value: String)] {
        var values: [(name: String, value: String)] = []
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            values.append((try decoded(pair[..<equals]), try decoded(pair[equals...].dropFirst())))
        }
        return values
    }

    private static func decoded(_ text: ArraySlice<UInt8>) throws(AdminRefusal) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < text.endIndex, let byte = UInt8(hex: text[index + 1], text[index + 2]) else {
                    throw AdminRefusal(400, "A percent sign is followed by two hexadecimal digits.")
                }
                bytes.append(byte)
                index += 2
            case let byte: bytes.append(byte)
            }
            index += 1
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw AdminRefusal(400, "The values of a request are UTF-8.")
        }
        return decoded
    }
}

extension UInt8 {
    fileprivate init?(hex high: UInt8, _ low: UInt8) {
        func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) }
        guard let high = digit(high), let low = digit(low) else { return nil }
        self = high << 4 | low
    }
}

/// Why the operators' interface doesn't do what it was asked for: what the client is told.
struct AdminRefusal: Error {
    let status: UInt16
    /// One sentence.
    let explanation: String
    /// Further fields of the answer.
    var fields = ""

    init(_ status: UInt16, _ explanation: String, fields: String = "") {
        self.status = status
        self.explanation = explanation
        self.fields = fields
    }
}
