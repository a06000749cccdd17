// The text of an address, both ways. Reading takes exactly the plain forms: what `inet_aton` would additionally take
// (octal, hexadecimal, fewer parts) is another spelling of the same address and therefore refused, not folded.

extension IPAddress {
    /// The address that `text` spells, a dotted quad or an IPv6 text form without brackets or zone; nil for all else.
    ///
    /// Spec: RFC 4291 §2.2 (IPv6), RFC 6943 §3.1.1 (the strict IPv4 form).
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(parsing: bytes.span)
    }

    /// As `init(_:)`, from bytes.
    public init?(parsing bytes: Span<UInt8>) {
        guard bytes.count >= 2, bytes.count <= 45 else { return nil }
        if let quad = IPText.v4(bytes) {
            self.init(v4: quad)
        } else if let bits = IPText.v6(bytes) {
            self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
        } else {
            return nil
        }
    }

    /// No text form is longer.
    public static var maxTextBytes: Int { 45 }

    /// Appends the text form: dotted quad, or RFC 5952.
    public func append(to text: inout [UInt8]) {
        guard isV4 else { return appendV6(to: &text) }
        text.append(addingCapacity: Self.maxTextBytes) { output in
            output.withUnsafeMutableBufferPointer { room, count in
                count += write(to: UnsafeMutableBufferPointer(rebasing: room[count...]))
            }
        }
    }

    /// Writes the text form to the front of `room`, which has place for `maxTextBytes`.
    ///
    /// - Returns: its length.
    public func write(to room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let base = room.baseAddress, room.count >= Self.maxTextBytes else {
            preconditionFailure("no room for an address")
        }
        guard let bits = v4Bits else {
            var text: [UInt8] = []
            appendV6(to: &text)
            return room.update(fromContentsOf: text)
        }
        var next = Self.write(bits >> 24, to: base)
        var shift: UInt32 = 24
        while shift > 0 {
            shift -= 8
            next.pointee = UInt8(ascii: ".")
            next = Self.write(bits >> shift & 255, to: next + 1)
        }
        return next - base
    }

    /// Writes an octet's one to three digits; returns where they end.
    @inline(__always)
    private static func write(_ octet: UInt32, to place: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var next = place
        if octet >= 100 {
            next.pointee = digit(octet / 100)
            next += 1
        }
        if octet >= 10 {
            next.pointee = digit(octet / 10 % 10)
            next += 1
        }
        next.pointee = digit(octet % 10)
        return next + 1
    }

    @inline(__always)
    private static func digit(_ value: UInt32) -> UInt8 {
        UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)
    }

    static func appendDecimal(_ value: UInt64, to text: inout [UInt8]) {
        if value >= 10 { appendDecimal(value / 10, to: &text) }
        text.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// Spec: RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`.
    private func appendV6(to text: inout [UInt8]) {
        var run = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start > max(run.count, 1) { run = start..<index }
            start = index + 1
        }
        var index = 0
        while index < 8 {
            if index == run.lowerBound && !run.isEmpty {
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: ":"))
                index = run.upperBound
                continue
            }
            if index > 0 && index != run.upperBound { text.append(UInt8(ascii: ":")) }
            text.append(contentsOf: String(group(index), radix: 16).utf8)
            index += 1
        }
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

/// Reads one address out of bytes that must hold nothing else.
private enum IPText {
    /// Four decimal parts without leading zeros, from `start` to the end.
    static func v4(_ bytes: Span<UInt8>, from start: Int = 0) -> UInt32? {
        var value: UInt32 = 0
        var index = start
        for part in 0..<4 {
            if part > 0 {
                guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
            let first = index
            var octet: UInt32 = 0
            while index < bytes.count, index - first < 3, let digit = digit(bytes[index]), digit < 10 {
                octet = octet * 10 + UInt32(digit)
                index += 1
            }
            guard index > first, octet <= 255, index - first == 1 || bytes[first] != UInt8(ascii: "0") else {
                return nil
            }
            value = value << 8 | octet
        }
        return index == bytes.count ? value : nil
    }

    /// Eight groups, `::` for one run of them, and perhaps a dotted quad for the last two.
    static func v6(_ bytes: Span<UInt8>) -> UInt128? {
        var value: UInt128 = 0
        var count = 0
        var beforeGap: (value: UInt128, count: Int)?
        var index = 0
        if bytes.count >= 2, bytes[0] == UInt8(ascii: ":"), bytes[1] == UInt8(ascii: ":") {
            beforeGap = (0, 0)
            index = 2
        }
        while index < bytes.count {
            if count <= 6, let quad = v4(bytes, from: index) {
                value = value << 32 | UInt128(quad)
                count += 2
                break
            }
            guard count < 8, let (group, length) = hexGroup(bytes, from: index) else { return nil }
            value = value << 16 | UInt128(group)
            count += 1
            index += length
            if index == bytes.count { break }
            guard bytes[index] == UInt8(ascii: ":"), index + 1 < bytes.count else { return nil }
            index += 1
            if bytes[index] == UInt8(ascii: ":") {
                guard beforeGap == nil else { return nil }
                beforeGap = (value, count)
                value = 0
                index += 1
            }
        }
        guard let beforeGap else { return count == 8 ? value : nil }
        return count < 8 ? beforeGap.value << UInt128(16 * (8 - beforeGap.count)) | value : nil
    }

    private static func hexGroup(_ bytes: Span<UInt8>, from start: Int) -> (UInt16, length: Int)? {
        var value: UInt32 = 0
        var index = start
        while index < bytes.count, let digit = digit(bytes[index]) {
            guard index - start < 4 else { return nil }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return index > start ? (UInt16(value), index - start) : nil
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
