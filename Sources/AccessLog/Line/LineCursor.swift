import Addressing
import Glibc

/// Writes the text of one line into memory that somebody else owns.
///
/// Bounds: every `put` first checks that what it writes at most fits between `next` and `end`; running out is a
/// mistake of the caller's estimate and stops the program before a byte is written outside.
struct LineCursor {
    private(set) var next: UnsafeMutablePointer<UInt8>
    let end: UnsafeMutablePointer<UInt8>

    /// - Parameter room: stays the caller's and valid while the cursor is used.
    init(_ room: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = room.baseAddress else { preconditionFailure("a line needs room") }
        next = base
        end = base + room.count
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        next.pointee = byte
        next += 1
    }

    @inline(__always)
    mutating func put(_ text: StaticString) {
        put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// As they are, unescaped.
    @inline(__always)
    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        memcpy(next, base, bytes.count)
        next += bytes.count
    }

    /// A token of one of our own vocabularies, which never needs escaping.
    @inline(__always)
    mutating func put(token: String) {
        var token = token
        token.withUTF8 { put($0) }
    }

    /// Plain decimal.
    @inline(__always)
    mutating func put(decimal value: UInt64) {
        reserve(20)
        if value < 10 {
            next.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
            next += 1
        } else if value < 10_000 {
            putShort(UInt32(truncatingIfNeeded: value))
        } else {
            putLong(value)
        }
    }

    /// Hexadecimal in lower case without leading zeros.
    mutating func put(hex value: UInt64) {
        reserve(16)
        let digits = max(1, (67 - value.leadingZeroBitCount) / 4)
        for place in (0..<digits).reversed() {
            next.pointee = Self.hexDigit(UInt8(truncatingIfNeeded: value >> UInt64(4 * place)) & 15)
            next += 1
        }
    }

    /// `value` with exactly `digits` digits; it must have no more.
    @inline(__always)
    mutating func put(_ value: UInt32, digits: Int) {
        reserve(digits)
        var rest = value
        for place in (0..<digits).reversed() {
            next[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += digits
    }

    /// Microseconds as milliseconds, with up to three decimals; a negative duration is 0.
    mutating func put(milliseconds micros: Int64) {
        let micros = UInt64(max(0, micros))
        let whole = micros / 1000
        put(decimal: whole)
        let fraction = UInt32(truncatingIfNeeded: micros - whole * 1000)
        guard fraction > 0 else { return }
        reserve(4)
        let tenths = fraction / 100
        let rest = fraction - tenths * 100
        next[0] = UInt8(ascii: ".")
        next[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: tenths)
        guard rest > 0 else {
            next += 2
            return
        }
        Self.putPair(rest, at: next + 2)
        next += next[3] == UInt8(ascii: "0") ? 3 : 4
    }

    mutating func put(_ address: IPAddress) {
        reserve(IPAddress.maxTextBytes)
        next += address.write(to: UnsafeMutableBufferPointer(start: next, count: IPAddress.maxTextBytes))
    }

    /// `192.0.2.1:80` or `[2001:db8::1]:80`.
    mutating func put(_ endpoint: Endpoint) {
        let isV4 = endpoint.address.isV4
        if !isV4 { put(UInt8(ascii: "[")) }
        put(endpoint.address)
        if !isV4 { put(UInt8(ascii: "]")) }
        put(UInt8(ascii: ":"))
        put(decimal: UInt64(endpoint.port.rawValue))
    }

    static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    @inline(__always)
    func reserve(_ count: Int) {
        precondition(count <= end - next, "a line is longer than was estimated")
    }

    @inline(__always)
    mutating func advance(_ count: Int) {
        next += count
    }

    /// From 10 to 9,999.
    @inline(__always)
    private mutating func putShort(_ value: UInt32) {
        let upper = value / 100
        if upper >= 10 {
            Self.putPair(upper, at: next)
            next += 2
        } else if upper > 0 {
            next.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: upper)
            next += 1
        }
        Self.putPair(value - upper * 100, at: next)
        next += 2
    }

    /// From 10,000 on.
    private mutating func putLong(_ value: UInt64) {
        let count = Self.digitCount(value)
        var rest = value
        var place = count
        while rest >= 100 {
            let quotient = rest / 100
            place -= 2
            Self.putPair(UInt32(truncatingIfNeeded: rest - quotient * 100), at: next + place)
            rest = quotient
        }
        if rest >= 10 {
            Self.putPair(UInt32(truncatingIfNeeded: rest), at: next)
        } else {
            next.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
        }
        next += count
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var rest = value
        var count = 0
        while rest >= 10_000 {
            rest /= 10_000
            count += 4
        }
        return count + (rest < 10 ? 1 : rest < 100 ? 2 : rest < 1000 ? 3 : 4)
    }

    /// Both digits of a number below 100.
    @inline(__always)
    private static func putPair(_ value: UInt32, at place: UnsafeMutablePointer<UInt8>) {
        let tens = (value * 103) >> 10
        place[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: tens)
        place[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value - tens * 10)
    }
}
