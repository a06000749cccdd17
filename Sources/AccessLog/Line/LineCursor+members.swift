import Addressing

// One member of an object each: its key as it stands in the line, and its value; nothing where there is none.
extension LineCursor {
    @inline(__always)
    mutating func put(_ key: StaticString, decimal value: (some FixedWidthInteger & UnsignedInteger)?) {
        guard let value else { return }
        put(key)
        put(decimal: UInt64(value))
    }

    @inline(__always)
    mutating func put(_ key: StaticString, token: String?) {
        guard let token else { return }
        put(key)
        put(UInt8(ascii: "\""))
        put(token: token)
        put(UInt8(ascii: "\""))
    }

    mutating func put(_ key: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        put(key)
        put(flag ? "true" : "false")
    }

    mutating func put(_ key: StaticString, _ endpoint: Endpoint?) {
        guard let endpoint else { return }
        put(key)
        put(UInt8(ascii: "\""))
        put(endpoint)
        put(UInt8(ascii: "\""))
    }

    mutating func put(_ key: StaticString, _ addresses: [IPAddress]) {
        guard !addresses.isEmpty else { return }
        put(key)
        for (index, address) in addresses.enumerated() {
            put(index == 0 ? "[\"" : ",\"")
            put(address)
            put(UInt8(ascii: "\""))
        }
        put(UInt8(ascii: "]"))
    }

    mutating func put(_ key: StaticString, milliseconds micros: Int64?, after separator: inout StaticString) {
        guard let micros else { return }
        put(separator)
        put(key)
        put(milliseconds: micros)
        separator = ","
    }

    /// `run-worker-`.
    mutating func put(_ run: UInt64, _ worker: UInt16) {
        put(hex: run)
        put(UInt8(ascii: "-"))
        put(decimal: UInt64(worker))
        put(UInt8(ascii: "-"))
    }

    /// `{"address":"192.0.2.1","outcome":"connection_refused","errno":"ECONNREFUSED","ms":0.3}`
    mutating func put(_ attempt: Attempt) {
        put("{\"address\":\"")
        put(attempt.address)
        put("\",\"outcome\":\"")
        put(token: attempt.outcome.rawValue)
        if attempt.errorNumber != 0 {
            put("\",\"errno\":\"")
            put(errorName: attempt.errorNumber)
        }
        put("\",\"ms\":")
        put(milliseconds: attempt.duration)
        put(UInt8(ascii: "}"))
    }

    /// `ECONNREFUSED`, or the number where the name is not known.
    mutating func put(errorName number: Int32) {
        if let name = ErrorName.of(number) {
            put(name)
        } else {
            put(decimal: UInt64(number.magnitude))
        }
    }
}
