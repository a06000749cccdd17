import AccessLog
import Wire

// What the record shows of an HTTP request whose head was refused: somebody asked for something.
extension Negotiation.Facts {
    /// Takes method and target as they were sent, the target as the raw host: all of the first line but its version, up
    /// to the longest there may be. Takes nothing where no method comes first.
    ///
    /// - Parameter bytes: from the head's first byte on.
    mutating func takeRefused(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { all in
            let longest = all.prefix(HTTP1.Limit.startLineBytes)
            let line = longest.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
            // What is not a whole line is not read again when more of it has come.
            guard line.count < longest.count || longest.count == HTTP1.Limit.startLineBytes,
                let space = line.firstIndex(of: UInt8(ascii: " ")), space <= HTTP1.Limit.methodBytes,
                line[..<space].allSatisfy(HTTP1.canBeginRequest)
            else { return }
            var target = line[(space + 1)...]
            if let last = target.lastIndex(of: UInt8(ascii: " ")), target[(last + 1)...].starts(with: "HTTP/".utf8) {
                target = target[..<last]
            }
            method = Array(line[..<space])
            if method.elementsEqual("CONNECT".utf8) { proto = .connect }
            rawHost = Array(target)
        }
    }

    var isSOCKS: Bool {
        switch proto {
        case .http, .connect, nil: false
        case .socks4, .socks4a, .socks5, .udp: true
        }
    }
}
