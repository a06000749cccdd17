extension Seal {
    /// The seal that a line is; nil for every other line, a torn one, and a seal without its parts.
    ///
    /// - Parameter line: without its line feed.
    init?(reading line: UnsafeRawBufferPointer) {
        guard Self.isSeal(line) else { return nil }
        var members = LineMembers(line)
        var parts = Parts()
        while let member = members.next() { parts.take(member) }
        guard members.isComplete, !parts.isTorn, let sequence = parts.sequence, let first = parts.first,
            let lines = parts.lines, let bytes = parts.bytes, let sums = parts.sums, let previous = parts.previous,
            let digest = parts.digest, let start = parts.start
        else { return nil }
        self.init(
            sequence: sequence, time: start, first: first, lines: Int(lines), bytes: Int(bytes), sums: sums,
            previous: previous, digest: digest, isKeyed: parts.isKeyed)
    }

    /// Whether the line says that it is a seal.
    static func isSeal(_ line: UnsafeRawBufferPointer) -> Bool {
        line.starts(with: UnsafeBufferPointer(start: LineKind.seal.opening.utf8Start, count: openingBytes))
    }

    /// Where the head of the seal's line ends: what its digest covers of it.
    static func headCount(of line: UnsafeRawBufferPointer) -> Int {
        // The digest's 64 digits, and `"}`.
        max(0, line.count - 66)
    }

    static let openingBytes = LineKind.seal.opening.utf8CodeUnitCount

    private struct Parts {
        var sequence: UInt64?
        var start: Int64?
        var first: UInt64?
        var lines: UInt32?
        var bytes: UInt32?
        var sums: [UInt32]?
        var previous: Digest?
        var digest: Digest?
        var isKeyed = false
        var isTorn = false

        mutating func take(_ member: LineMembers.Member) {
            switch String(decoding: member.key, as: UTF8.self) {
            case "seq": sequence = member.decimal
            case "start": start = Timestamp.micros(member.value)
            case "first": first = member.decimal
            case "lines": lines = member.decimal.flatMap { UInt32(exactly: $0) }
            case "bytes": bytes = member.decimal.flatMap { UInt32(exactly: $0) }
            case "sums": sums = Self.sums(member.value)
            case "prev": previous = Digest(String(decoding: member.value, as: UTF8.self))
            case "sha256": digest = Digest(String(decoding: member.value, as: UTF8.self))
            case "hmac":
                digest = Digest(String(decoding: member.value, as: UTF8.self))
                isKeyed = true
            case "torn": isTorn = true
            default: break
            }
        }

        private static func sums(_ digits: UnsafeRawBufferPointer) -> [UInt32]? {
            guard digits.count % 8 == 0 else { return nil }
            var sums: [UInt32] = []
            sums.reserveCapacity(digits.count / 8)
            var sum: UInt32 = 0
            for (index, digit) in digits.enumerated() {
                guard let value = JSONText.hexValue(digit) else { return nil }
                sum = sum << 4 | UInt32(value)
                if index % 8 == 7 { sums.append(sum) }
            }
            return sums
        }
    }
}

extension LineMembers.Member {
    /// The number that the value is in plain decimal; nil for all else.
    var decimal: UInt64? { JSONText.decimal(value) }
}

extension JSONText {
    static func decimal(_ digits: UnsafeRawBufferPointer) -> UInt64? {
        guard digits.count > 0, digits.count <= 20 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
